/** The scripts of the leader and of the state store. The light paths name theirs in `lightScripts.ts`. */
import { defineScript } from '../client/redisCommands';
import agentSetLua from './agentSet.lua';
import amendLua from './amendReceipt.lua';
import clearLua from './clear.lua';
import doneLua from './complete.lua';
import dropLua from './drop.lua';
import failLua from './fail.lua';
import fenceLua from './fence.lua';
import writeLua from './fencedWrite.lua';
import forgetLua from './forget.lua';
import hookRawLua from './hookRaw.lua';
import inflightLua from './inflight.lua';
import leaseAcquireLua from './leaseAcquire.lua';
import leaseRaiseLua from './leaseRaise.lua';
import leaseReleaseLua from './leaseRelease.lua';
import leaseRenewLua from './leaseRenew.lua';
import lib from './lib.lua';
import uncertainLua from './markUncertain.lua';
import callTakeLua from './notificationClaim.lua';
import callKeepLua from './notificationRenew.lua';
import poisonLua from './poisonMessage.lua';
import portsFreeLua from './portsFree.lua';
import portsTakeLua from './portsTake.lua';
import readLua from './readGroup.lua';
import hashesLua from './readHashes.lua';
import reviveLua from './requeue.lua';
import senderSetLua from './senderSet.lua';
import phaseLua from './setMessageState.lua';
import usageSetLua from './usageSet.lua';

export const scripts = {
  read: defineScript('read', lib, readLua),
  phase: defineScript('phase', lib, phaseLua),
  done: defineScript('done', lib, doneLua),
  amend: defineScript('amend', lib, amendLua),
  fail: defineScript('fail', lib, failLua),
  uncertain: defineScript('uncertain', lib, uncertainLua),
  poison: defineScript('poison', lib, poisonLua),
  retryDeadLetter: defineScript('revive', lib, reviveLua),
  clear: defineScript('clear', lib, clearLua),
  drop: defineScript('drop', lib, dropLua),
  forget: defineScript('forget', lib, forgetLua),
  hashes: defineScript('hashes', lib, hashesLua),
  hookRaw: defineScript('hookRaw', lib, hookRawLua),
  inflight: defineScript('inflight', lib, inflightLua),
  leaseAcquire: defineScript('leaseAcquire', lib, leaseAcquireLua),
  leaseRenew: defineScript('leaseRenew', lib, leaseRenewLua),
  leaseRaise: defineScript('leaseRaise', lib, leaseRaiseLua),
  leaseRelease: defineScript('leaseRelease', lib, leaseReleaseLua),
  portsTake: defineScript('portsTake', lib, portsTakeLua),
  portsFree: defineScript('portsFree', lib, portsFreeLua),
  agentSet: defineScript('agentSet', lib, agentSetLua),
  callTake: defineScript('callTake', lib, callTakeLua),
  callKeep: defineScript('callKeep', lib, callKeepLua),
  senderSet: defineScript('senderSet', lib, senderSetLua),
  usageSet: defineScript('usageSet', lib, usageSetLua),
} as const;

/** The same scripts behind the fence (`EpochFence`): they write nothing once another process leads. */
export const fencedScripts = {
  agentSet: defineScript('agentSet', `${lib}\n${fenceLua}`, agentSetLua),
  senderSet: defineScript('senderSet', `${lib}\n${fenceLua}`, senderSetLua),
  clear: defineScript('clear', `${lib}\n${fenceLua}`, clearLua),
  write: defineScript('write', `${lib}\n${fenceLua}`, writeLua),
} as const;
