import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { goal, number, type Figure } from '../figure';
import { interleaved } from '../stats';

/** Loads a bundle with a `vscode` object that answers everything with itself; prints the milliseconds. */
const LOAD = `
const Module = require('node:module');
const vscode = new Proxy(function () {}, { get: (target, name) => (name === Symbol.toPrimitive ? () => 0 : name === 'prototype' ? target.prototype : vscode), apply: () => vscode, construct: () => vscode });
const load = Module._load;
Module._load = (request, ...rest) => (request === 'vscode' ? vscode : load(request, ...rest));
const since = performance.now();
if (process.argv[1]) require(process.argv[1]);
console.log(performance.now() - since);
process.exit(0);`;

function loadMs(file: string): number {
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', LOAD, ...(file ? [file] : [])], { encoding: 'utf8' });
  const ms = Number(stdout.trim());
  if (!Number.isFinite(ms) || stdout.trim() === '')
    throw new Error(`the bundle could not be loaded: ${stderr.slice(0, 500)}`);
  return ms;
}

export const bundleLoad: Figure = {
  name: 'bundle',
  title: 'Load of the extension’s bundle (Node; VS Code itself stood in for)',
  async run() {
    const { floor, ours } = await interleaved(
      25,
      2,
      () => loadMs(''),
      () => loadMs(resolve('out/bench/extension.js')),
    );
    return {
      floor: `an empty extension: ${number(floor.p50)} ms`,
      runs: ours.n,
      measured: `p50 ${number(ours.p50)} ms, p99 ${number(ours.p99)}`,
      goals: [goal('more', ours.p50 - floor.p50, 'at most', 50, 'ms')],
      data: { ours, floor },
    };
  },
};
