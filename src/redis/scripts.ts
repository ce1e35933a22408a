/** The scripts of the leader and of the state store. The light paths name theirs in `lightScripts.ts`. */
import { script } from './client/caller';
import agentSetLua from './scripts/agentSet.lua';
import callKeepLua from './scripts/callKeep.lua';
import callTakeLua from './scripts/callTake.lua';
import clearLua from './scripts/clear.lua';
import doneLua from './scripts/done.lua';
import dropLua from './scripts/drop.lua';
import failLua from './scripts/fail.lua';
import fenceLua from './scripts/fence.lua';
import hashesLua from './scripts/hashes.lua';
import hookRawLua from './scripts/hookRaw.lua';
import inflightLua from './scripts/inflight.lua';
import leaseAcquireLua from './scripts/leaseAcquire.lua';
import leaseReleaseLua from './scripts/leaseRelease.lua';
import leaseRenewLua from './scripts/leaseRenew.lua';
import lib from './scripts/lib.lua';
import phaseLua from './scripts/phase.lua';
import poisonLua from './scripts/poison.lua';
import portsFreeLua from './scripts/portsFree.lua';
import portsTakeLua from './scripts/portsTake.lua';
import readLua from './scripts/read.lua';
import reviveLua from './scripts/revive.lua';
import senderSetLua from './scripts/senderSet.lua';
import uncertainLua from './scripts/uncertain.lua';
import writeLua from './scripts/write.lua';

export const scripts = {
  read: script('read', lib, readLua),
  phase: script('phase', lib, phaseLua),
  done: script('done', lib, doneLua),
  fail: script('fail', lib, failLua),
  uncertain: script('uncertain', lib, uncertainLua),
  poison: script('poison', lib, poisonLua),
  revive: script('revive', lib, reviveLua),
  clear: script('clear', lib, clearLua),
  drop: script('drop', lib, dropLua),
  hashes: script('hashes', lib, hashesLua),
  hookRaw: script('hookRaw', lib, hookRawLua),
  inflight: script('inflight', lib, inflightLua),
  leaseAcquire: script('leaseAcquire', lib, leaseAcquireLua),
  leaseRenew: script('leaseRenew', lib, leaseRenewLua),
  leaseRelease: script('leaseRelease', lib, leaseReleaseLua),
  portsTake: script('portsTake', lib, portsTakeLua),
  portsFree: script('portsFree', lib, portsFreeLua),
  agentSet: script('agentSet', lib, agentSetLua),
  callTake: script('callTake', lib, callTakeLua),
  callKeep: script('callKeep', lib, callKeepLua),
  senderSet: script('senderSet', lib, senderSetLua),
} as const;

/** The same for the leader of one term, by `Fence`: they write nothing once another leads. */
export const fencedScripts = {
  agentSet: script('agentSet', `${lib}\n${fenceLua}`, agentSetLua),
  senderSet: script('senderSet', `${lib}\n${fenceLua}`, senderSetLua),
  clear: script('clear', `${lib}\n${fenceLua}`, clearLua),
  write: script('write', `${lib}\n${fenceLua}`, writeLua),
} as const;
