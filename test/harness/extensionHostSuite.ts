/** Runs a Mocha entry inside the extension host of a real VS Code, through a headless browser. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { format } from 'node:util';
import { launchBrowser } from './browser';
import { OUTPUT_VARIABLE, REPORT_VARIABLE, type MochaReport } from './mocha';
import { StallWatch } from './stallWatch';
import { startVsCode, type VsCodeOptions } from './vscodeServer';

export interface HostSuiteOptions extends VsCodeOptions {
  readonly testsPath: string;
  /** Folder for the files that the entry writes; the caller removes it. */
  readonly scratch: string;
  /** PNG path of a screenshot of the window at the end. */
  readonly screenshot?: string;
  /** As in `SuiteContext`. */
  readonly stallMs: number;
}

export interface HostSuiteResult {
  /** 0 when the entry's `run()` resolved; null when it stalled and was stopped. */
  readonly code: number | null;
  /** Null when the entry wrote none, so it never ran. */
  readonly report: MochaReport | null;
  /** Mocha's output. */
  readonly output: string;
  /** Output of the window and the server, for diagnosis. */
  readonly log: string;
}

/** Returns the report in `file`; null when no readable one exists. */
export function readReport(file: string): MochaReport | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as MochaReport;
  } catch {
    return null;
  }
}

/** Starts VS Code, opens it, waits for the entry to end, and always closes everything again. */
export async function runSuiteInVsCode(options: HostSuiteOptions): Promise<HostSuiteResult> {
  const lines: string[] = [];
  const reportFile = join(options.scratch, 'host-report.json');
  const outputFile = join(options.scratch, 'host-output.txt');
  const server = await startVsCode({
    ...options,
    env: { ...options.env, [REPORT_VARIABLE]: reportFile, [OUTPUT_VARIABLE]: outputFile },
  });
  try {
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
      const ended = new Promise<number>(
        (resolve) => void page.exposeFunction('codeAutomationExit', (code: number) => resolve(code)),
      );
      await page.exposeFunction(
        'codeAutomationLog',
        (_type: string, args: unknown[]) => void lines.push(format(...args)),
      );
      await page.goto(server.url);
      const stall = new StallWatch(options.stallMs);
      let timer: NodeJS.Timeout | undefined;
      const stalled = new Promise<null>((resolve) => {
        timer = setInterval(() => stall.check(readReport(reportFile)) && resolve(null), 1000);
      });
      const code = await Promise.race([ended, stalled]);
      clearInterval(timer);
      if (options.screenshot) {
        mkdirSync(dirname(options.screenshot), { recursive: true });
        await page.screenshot({ path: options.screenshot }).catch(() => undefined); // the window may be closing
      }
      const output = existsSync(outputFile) ? readFileSync(outputFile, 'utf8') : '';
      return { code, report: readReport(reportFile), output, log: [...lines, server.log()].join('\n') };
    } finally {
      await browser.close();
    }
  } finally {
    await server.close();
  }
}

/** Path of TACO's compiled entry, from any bundle below `out/test`. */
export function hostEntry(root: string): string {
  return join(root, 'out', 'test', 'vscode', 'main.vscode.js');
}
