import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { end, start } from '../harness/processes';
import { which } from '../harness/systemPackages';

export interface SshRan {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that stays connected. */
export interface SshStay {
  readonly client: ChildProcess;
  /** The output so far, of both streams. */
  output(): string;
  /** Kills the client: for the server and the command, the connection is cut. */
  cut(): void;
}

interface Programs {
  readonly sshd: string;
  readonly ssh: string;
  readonly keygen: string;
}

/**
 * The test's own OpenSSH server: keys, port and configuration below the test's folder, for the user who runs the test.
 * Its shells get sshd's own environment with another HOME: no login, no locale, and no additions of PAM.
 */
export class SshServer {
  private readonly stays: SshStay[] = [];
  /** @param client program and options */
  private constructor(
    private readonly daemon: ChildProcess,
    private readonly client: readonly [string, ...string[]],
  ) {}

  /** Returns null where sshd or ssh is missing. */
  static programs(): Programs | null {
    const [sshd, ssh, keygen] = [which(['sshd']), which(['ssh']), which(['ssh-keygen'])];
    return sshd && ssh && keygen ? { sshd, ssh, keygen } : null;
  }

  /** @param dir an empty folder of the test; @param home HOME over SSH */
  static async start({ sshd, ssh, keygen }: Programs, dir: string, home: string): Promise<SshServer> {
    const [hostKey, userKey, known, config] = ['host', 'user', 'known', 'config'].map((name) => join(dir, name)) as [
      string,
      string,
      string,
      string,
    ];
    for (const key of [hostKey, userKey]) execFileSync(keygen, ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
    const port = await freePort();
    writeFileSync(known, `[127.0.0.1]:${port} ${readFileSync(`${hostKey}.pub`, 'utf8')}`);
    writeFileSync(
      config,
      [
        `Port ${port}`,
        'ListenAddress 127.0.0.1',
        `HostKey ${hostKey}`,
        `AuthorizedKeysFile ${userKey}.pub`,
        'PidFile none',
        'StrictModes no',
        'UsePAM no',
        'PasswordAuthentication no',
        'KbdInteractiveAuthentication no',
        'PermitRootLogin prohibit-password',
        'PermitUserRC no',
        'PrintMotd no',
        'PrintLastLog no',
        `SetEnv HOME=${home}`,
        '',
      ].join('\n'),
    );
    // As root sshd requires an empty system folder, which only its service creates.
    const empty = /Missing privilege separation directory: (\S+)/.exec(
      spawnSync(sshd, ['-t', '-f', config], { encoding: 'utf8' }).stderr,
    )?.[1];
    if (empty !== undefined) mkdirSync(empty, { recursive: true, mode: 0o755 });

    const daemon = start(sshd, ['-D', '-e', '-f', config], { stdio: ['ignore', 'ignore', 'pipe'] });
    await listening(daemon);
    const options = [
      `UserKnownHostsFile=${known}`,
      'StrictHostKeyChecking=yes',
      'BatchMode=yes',
      'IdentitiesOnly=yes',
      'IdentityAgent=none',
      'LogLevel=ERROR',
    ];
    const client: [string, ...string[]] = [
      ssh,
      '-F',
      'none',
      '-p',
      String(port),
      '-i',
      userKey,
      ...options.flatMap((option) => ['-o', option]),
    ];
    return new SshServer(daemon, client);
  }

  /** Returns the argument array that runs `command` in a shell of the server; `flags` such as `-tt`. */
  argv(command: string, ...flags: string[]): [string, ...string[]] {
    const [program, ...options] = this.client;
    return [program, ...options, ...flags, `${userInfo().username}@127.0.0.1`, command];
  }

  /** Runs a command to its end. Never throws because of the command's result. */
  run(command: string, input: string | Buffer = ''): Promise<SshRan> {
    const [program, ...args] = this.argv(command);
    return new Promise((done, fail) => {
      const child = spawn(program, args, { stdio: 'pipe' });
      let [stdout, stderr] = ['', ''];
      child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
      child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
      child.stdin.on('error', () => undefined); // the command may end without reading its input
      child.stdin.end(input);
      child.on('error', fail);
      child.on('close', (code) => done({ code, stdout, stderr }));
    });
  }

  /** Starts a command that stays, with or without a terminal on the server. Its input stays open. */
  stay(command: string, terminal: 'terminal' | 'no terminal'): SshStay {
    const [program, ...args] = this.argv(command, ...(terminal === 'terminal' ? ['-tt'] : []));
    const client = start(program, args, {
      env: { ...process.env, TERM: 'xterm-256color' },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let text = '';
    for (const stream of [client.stdout, client.stderr])
      stream?.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    const stay = { client, output: () => text, cut: () => void client.kill('SIGKILL') };
    this.stays.push(stay);
    return stay;
  }

  /** Returns the number of connections that the server still has. */
  connections(): number {
    const parents = execFileSync('ps', ['-A', '-o', 'ppid='], { encoding: 'utf8' }).split('\n');
    return parents.filter((parent) => Number(parent) === this.daemon.pid).length;
  }

  async close(): Promise<void> {
    for (const { client } of this.stays) await end(client);
    await end(this.daemon);
  }
}

/** Returns a port of 127.0.0.1 that is free now: sshd cannot request one from the system. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** Waits until the server listens. Throws with sshd's output when it ends instead. */
function listening(daemon: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    daemon.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.includes('Server listening on')) resolve();
    });
    daemon.once('error', reject);
    daemon.once('exit', () => reject(new Error(`sshd ended: ${said}`)));
  });
}
