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

/** A command that stays on its connection. */
export interface SshStay {
  readonly client: ChildProcess;
  /** What came so far, of both streams. */
  output(): string;
  /** Kills the client: to the server, and to the command, the connection is cut. */
  cut(): void;
}

interface Programs {
  readonly sshd: string;
  readonly ssh: string;
  readonly keygen: string;
}

/**
 * An OpenSSH server of a test's own: keys, port and configuration below a folder of the test's, for whoever runs the test. It gives
 * its shells what sshd gives by itself, with another HOME: no login, no locale, and nothing that PAM would add.
 */
export class SshServer {
  private readonly stays: SshStay[] = [];
  /** @param client program and options */
  private constructor(
    private readonly daemon: ChildProcess,
    private readonly client: readonly [string, ...string[]],
  ) {}

  /** Null where sshd or ssh is missing. */
  static programs(): Programs | null {
    const [sshd, ssh, keygen] = [which(['sshd']), which(['ssh']), which(['ssh-keygen'])];
    return sshd && ssh && keygen ? { sshd, ssh, keygen } : null;
  }

  /** @param dir an empty folder, the test's; @param home what HOME is over SSH */
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
    // As root sshd wants an empty folder of the system's, which only its service makes.
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

  /** The argument array that runs `command` in a shell of the server; `flags` such as `-tt`. */
  argv(command: string, ...flags: string[]): [string, ...string[]] {
    const [program, ...options] = this.client;
    return [program, ...options, ...flags, `${userInfo().username}@127.0.0.1`, command];
  }

  /** Runs to the end. Never throws for what the command comes to. */
  run(command: string, input: string | Buffer = ''): Promise<SshRan> {
    const [program, ...args] = this.argv(command);
    return new Promise((done, fail) => {
      const child = spawn(program, args, { stdio: 'pipe' });
      let [stdout, stderr] = ['', ''];
      child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
      child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
      child.stdin.on('error', () => undefined); // it may end without reading
      child.stdin.end(input);
      child.on('error', fail);
      child.on('close', (code) => done({ code, stdout, stderr }));
    });
  }

  /** Starts what is to stay, on a terminal of the server's or without one. Its input stays open. */
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

  /** How many connections the server still knows of. */
  connections(): number {
    const parents = execFileSync('ps', ['-A', '-o', 'ppid='], { encoding: 'utf8' }).split('\n');
    return parents.filter((parent) => Number(parent) === this.daemon.pid).length;
  }

  async close(): Promise<void> {
    for (const { client } of this.stays) await end(client);
    await end(this.daemon);
  }
}

/** A port of 127.0.0.1 that nobody has now: sshd cannot ask the system for one. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** Throws with what sshd said when it ends instead. */
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
