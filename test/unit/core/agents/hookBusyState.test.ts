import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { HookBusyState } from '../../../../src/core/agents/hookBusyState';

const PATIENCE = 60_000;

describe('HookBusyState', () => {
  it('reports starting until the first hook report and a stable screen', () => {
    const word = new HookBusyState('starting', PATIENCE);
    assert.equal(word.onScreen('ready', 0), 'starting');
    assert.equal(word.onScreen('ready', 20_000), 'starting');
    word.onHook('SessionStart', false);
    assert.equal(word.onScreen('ready', 20_500), 'starting');
    assert.equal(word.onScreen('unknown', 21_000), 'unknown');
    assert.equal(word.onScreen('ready', 21_500), 'starting');
    assert.equal(word.says, 'starting');
    assert.equal(word.onScreen('ready', 23_000), 'ready');
    assert.equal(word.says, null);
  });

  it("reports starting no longer than the CLI's patience without hook reports", () => {
    const word = new HookBusyState('starting', PATIENCE);
    assert.equal(word.onScreen('ready', 0), 'starting');
    assert.equal(word.onScreen('ready', PATIENCE), 'ready');
  });

  it('reports busy from a prompt to its answer', () => {
    const word = new HookBusyState(null, PATIENCE);
    word.onHook('UserPromptSubmit', false);
    assert.equal(word.says, 'busy');
    assert.equal(word.onScreen('ready', 50_000), 'busy');
    word.onHook('Stop', false);
    assert.equal(word.says, null);
  });

  it('ignores a prompt that the prompt check refused', () => {
    const word = new HookBusyState(null, PATIENCE);
    word.onHook('UserPromptSubmit', true);
    assert.equal(word.says, null);
  });

  it('stays busy when the conversation is compacted', () => {
    const word = new HookBusyState('busy', PATIENCE);
    word.onHook('SessionStart', false);
    assert.equal(word.says, 'busy');
  });

  it('ends busy on a screen that worked and rests, since no hook reports an interrupted turn', () => {
    const word = new HookBusyState('busy', PATIENCE);
    assert.equal(word.onScreen('busy', 0), 'busy');
    assert.equal(word.onScreen('ready', 1000), 'busy');
    assert.equal(word.onScreen('ready', 3900), 'busy');
    assert.equal(word.onScreen('ready', 4000), 'ready');
    assert.equal(word.says, null);
  });

  it("ends busy on a screen that never worked only after the CLI's full patience", () => {
    const word = new HookBusyState('busy', PATIENCE);
    assert.equal(word.onScreen('ready', 0), 'busy');
    assert.equal(word.onScreen('unknown', 59_000), 'unknown');
    assert.equal(word.onScreen('ready', 61_000), 'busy');
    assert.equal(word.onScreen('ready', 61_000 + PATIENCE), 'ready');
  });

  it('ends busy as soon on a screen that rests after a dialog, which the user may have rejected', () => {
    const word = new HookBusyState('busy', PATIENCE);
    assert.equal(word.onScreen('dialog', 0), 'dialog');
    assert.equal(word.onScreen('ready', 1000), 'busy');
    assert.equal(word.onScreen('ready', 4000), 'ready');
  });

  it('measures the rest separately for each prompt', () => {
    const word = new HookBusyState('busy', PATIENCE);
    word.onScreen('busy', 0);
    word.onHook('UserPromptSubmit', false);
    assert.equal(word.onScreen('ready', 10_000), 'busy');
    assert.equal(word.onScreen('ready', 20_000), 'busy');
  });
});
