import { get } from 'node:http';
import { connect } from 'node:net';
import type { DisposableLike } from '../../core/base/disposable';
import type { Logger } from '../../core/base/logger';
import { errorMessage } from '../../core/errors/tacoError';
import { nextHealth, UNKNOWN_HEALTH, type HealthCheck, type HealthMemory } from '../../core/services/health';
import type { ServiceRecord } from '../../core/services/serviceRecord';
import type { StateStore } from '../../core/team/ports';

const CHECK_EVERY = 5000;
const CHECK_TIMEOUT = 2000;
const HOST = '127.0.0.1';

/** Monitors the services that agents registered: checks each, stores its health, and reports when one goes down. */
export class ServiceHealthMonitor implements DisposableLike {
  private readonly memory = new Map<string, HealthMemory>();
  private readonly timer: NodeJS.Timeout;
  private checking = false;

  constructor(
    private readonly store: StateStore,
    private readonly log: Logger,
    /** Called when a service went down or recovered. */
    private readonly onTurn: (service: ServiceRecord) => Promise<void>,
    /** Runs the check command that the service was registered with; null when none may run. */
    private readonly checkByCommand: (service: ServiceRecord) => Promise<HealthCheck | null>,
  ) {
    this.timer = setInterval(() => void this.checkAll(), CHECK_EVERY);
    this.timer.unref();
  }

  /** Checks all services once; does nothing while a round is under way. */
  async checkAll(): Promise<void> {
    if (this.checking) return;
    this.checking = true;
    try {
      const services = await this.store.services();
      await Promise.all(services.map((service) => this.check(service)));
      for (const name of this.memory.keys())
        if (!services.some((service) => service.name === name)) this.memory.delete(name);
    } catch (error) {
      this.log.warn('services.check', { error: errorMessage(error) });
    } finally {
      this.checking = false;
    }
  }

  dispose(): void {
    clearInterval(this.timer);
  }

  private async check(service: ServiceRecord): Promise<void> {
    const before = this.memory.get(service.name) ?? { ...UNKNOWN_HEALTH, health: service.health };
    const seen = await this.checkOne(service);
    if (seen === null) return;
    const after = nextHealth(before, seen);
    this.memory.set(service.name, after);
    if (after.health === service.health || !(await this.isStill(service))) return;
    const record = { ...service, health: after.health, checkedAt: Date.now() };
    await this.store.setService(record);
    this.log.info('service.health', { service: service.name, health: after.health });
    if (service.health !== 'unknown') await this.onTurn(record);
  }

  /** Returns false if the service was removed or registered again with other data during the check. */
  private async isStill({ name, port, check, owner }: ServiceRecord): Promise<boolean> {
    return (await this.store.services()).some(
      (now) => now.name === name && now.port === port && now.check === check && now.owner === owner,
    );
  }

  private checkOne(service: ServiceRecord): Promise<HealthCheck | null> {
    if (service.check === 'command') return this.checkByCommand(service);
    return service.check.startsWith('/') ? checkByHttp(service.port, service.check) : checkByTcp(service.port);
  }
}

function checkByTcp(port: number): Promise<HealthCheck> {
  return new Promise((resolve) => {
    const socket = connect({ host: HOST, port, timeout: CHECK_TIMEOUT });
    const end = (result: HealthCheck): void => {
      socket.destroy();
      resolve(result);
    };
    socket.once('connect', () => end('good'));
    socket.once('timeout', () => end('none'));
    socket.once('error', () => end('none'));
  });
}

function checkByHttp(port: number, path: string): Promise<HealthCheck> {
  return new Promise((resolve) => {
    const request = get({ host: HOST, port, path, timeout: CHECK_TIMEOUT }, (response) => {
      response.resume();
      resolve((response.statusCode ?? 500) < 500 ? 'good' : 'bad');
    });
    request.once('timeout', () => request.destroy(new Error('timeout')));
    request.once('error', (error) => resolve(error.message === 'timeout' ? 'bad' : 'none'));
  });
}
