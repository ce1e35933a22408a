import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { HookBusyState } from '../../../../src/core/agents/hookBusyState';

const PATIENCE = 60_000;

describe('what the hooks say of a CLI whose screen looks idle too early', () => {
  it('is that it starts, until they speak and the screen has come to rest', () => {
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

  it('is that it starts no longer than it may draw nothing, if they never speak', () => {
    const word = new HookBusyState('starting', PATIENCE);
    assert.equal(word.onScreen('ready', 0), 'starting');
    assert.equal(word.onScreen('ready', PATIENCE), 'ready');
  });

  it('is that it works, from a prompt to its answer', () => {
    const word = new HookBusyState(null, PATIENCE);
    word.onHook('UserPromptSubmit', false);
    assert.equal(word.says, 'busy');
    assert.equal(word.onScreen('ready', 50_000), 'busy');
    word.onHook('Stop', false);
    assert.equal(word.says, null);
  });

  it('is nothing of a prompt that the door refused', () => {
    const word = new HookBusyState(null, PATIENCE);
    word.onHook('UserPromptSubmit', true);
    assert.equal(word.says, null);
  });

  it('stays that it works when its conversation is compacted', () => {
    const word = new HookBusyState('busy', PATIENCE);
    word.onHook('SessionStart', false);
    assert.equal(word.says, 'busy');
  });

  it('is overruled by a screen that has worked and rests, since no hook tells of a turn that was broken off', () => {
    const word = new HookBusyState('busy', PATIENCE);
    assert.equal(word.onScreen('busy', 0), 'busy');
    assert.equal(word.onScreen('ready', 1000), 'busy');
    assert.equal(word.onScreen('ready', 3900), 'busy');
    assert.equal(word.onScreen('ready', 4000), 'ready');
    assert.equal(word.says, null);
  });

  it('is overruled by a screen that has not worked only after the CLI has had its patience, without a break', () => {
    const word = new HookBusyState('busy', PATIENCE);
    assert.equal(word.onScreen('ready', 0), 'busy');
    assert.equal(word.onScreen('unknown', 59_000), 'unknown');
    assert.equal(word.onScreen('ready', 61_000), 'busy');
    assert.equal(word.onScreen('ready', 61_000 + PATIENCE), 'ready');
  });

  it('is overruled as soon by a screen that rests after a dialog, which a person may have refused', () => {
    const word = new HookBusyState('busy', PATIENCE);
    assert.equal(word.onScreen('dialog', 0), 'dialog');
    assert.equal(word.onScreen('ready', 1000), 'busy');
    assert.equal(word.onScreen('ready', 4000), 'ready');
  });

  it('counts the rest of a prompt for itself', () => {
    const word = new HookBusyState('busy', PATIENCE);
    word.onScreen('busy', 0);
    word.onHook('UserPromptSubmit', false);
    assert.equal(word.onScreen('ready', 10_000), 'busy');
    assert.equal(word.onScreen('ready', 20_000), 'busy');
  });
});
