import type * as vscode from 'vscode';
import type { Logger } from '../../core/base/logger';
import type { ProjectsReader } from '../../team/projects/projectsReader';
import type { InputRequestDocuments } from '../notifications/inputRequestDocument';
import type { MutedAgents } from '../notifications/mutedAgents';
import type { PlanDocument } from '../plan/planDocument';
import type { LoadEngineApi } from '../project/engineApi';
import type { ProjectHost } from '../project/projectHost';
import type { WindowSettings } from '../project/settings';
import type { AgentTerminals } from '../terminals/agentTerminals';
import type { MonitorPanel } from '../webviews/monitorPanel';
import type { PlanReviewPanel } from '../webviews/planReviewPanel';
import type { SinglePanel } from '../webviews/webviewPanel';
import type { CheckTerminals } from '../work/checkTerminal';
import type { EvidenceDocuments } from '../work/evidenceDocuments';

/** The dependencies of the commands. */
export interface CommandDeps {
  readonly host: ProjectHost;
  readonly loadBackend: LoadEngineApi;
  readonly engineSettings: () => WindowSettings;
  readonly logger: Logger;
  readonly channel: vscode.LogOutputChannel;
  readonly secrets: vscode.SecretStorage;
  readonly monitor: SinglePanel<MonitorPanel>;
  readonly planReview: SinglePanel<PlanReviewPanel>;
  readonly planDocument: PlanDocument;
  readonly terminals: AgentTerminals;
  readonly checks: CheckTerminals;
  readonly evidence: EvidenceDocuments;
  readonly requestDocuments: InputRequestDocuments;
  readonly mutes: MutedAgents;
  /** Reads every team on this machine; loaded on first use. */
  readonly projects: () => Promise<ProjectsReader>;
  readonly reveal: (window: number) => Promise<void>;
}
