/** The scripts of the leader and of the state store. The light paths name theirs in `lightScripts.ts`. */
import { script } from '../client/redisCommands';
import agentSetLua from './agentSet.lua';
import callKeepLua from './notificationRenew.lua';
import callTakeLua from './notificationClaim.lua';
import clearLua from './clear.lua';
import doneLua from './complete.lua';
import dropLua from './drop.lua';
import failLua from './fail.lua';
import fenceLua from './fence.lua';
import hashesLua from './readHashes.lua';
import hookRawLua from './hookRaw.lua';
import inflightLua from './inflight.lua';
import leaseAcquireLua from './leaseAcquire.lua';
import leaseReleaseLua from './leaseRelease.lua';
import leaseRenewLua from './leaseRenew.lua';
import lib from './lib.lua';
import phaseLua from './setMessageState.lua';
import poisonLua from './poisonMessage.lua';
import portsFreeLua from './portsFree.lua';
import portsTakeLua from './portsTake.lua';
import readLua from './readGroup.lua';
import reviveLua from './requeue.lua';
import senderSetLua from './senderSet.lua';
import uncertainLua from './markUncertain.lua';
import writeLua from './fencedWrite.lua';

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
