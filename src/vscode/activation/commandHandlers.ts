import { errors } from '../../core/errors/errors';
import { adoptPane } from '../commands/adopt';
import {
  mute,
  openTerminal,
  openTerminalGrid,
  relaunch,
  relaunchMother,
  revealAgent,
  stopAgent,
} from '../commands/agents';
import { answer } from '../commands/answer';
import { setBudget } from '../commands/budget';
import type { CommandDeps } from '../commands/commandDeps';
import { showConversation, showMessage } from '../commands/conversation';
import { dropMessage, openService, retryMessage } from '../commands/deadLetters';
import { install, runDoctor, setRedisPassword } from '../commands/doctor';
import { exportMessages } from '../commands/exportMessages';
import { getStarted, trySample } from '../commands/gettingStarted';
import { pauseTeam, resumeTeam } from '../commands/pauseTeam';
import { removeHost } from '../commands/removeHost';
import { showReport } from '../commands/report';
import { broadcast, interruptAgent, messageAgent } from '../commands/sendMessage';
import { resume, start, stop } from '../commands/start';
import { switchProject } from '../commands/switchProject';
import { editorHandlers, type EditorParts } from '../editor/commands';
import type { CommandId } from '../manifest/contributions';
import { planToShow } from '../project/projectState';
import { workHandlers } from '../work/workCommands';

type Handler = (...args: unknown[]) => unknown;

/** The handler of every command in the table; a missing one does not compile. */
export function commandHandlers(deps: CommandDeps, editor: EditorParts): Readonly<Record<CommandId, Handler>> {
  return {
    'taco.start': (argument) => start(deps, argument),
    'taco.stop': () => stop(deps),
    'taco.resumeSession': () => resume(deps),
    'taco.messageAgent': (argument) => messageAgent(deps, argument),
    'taco.interruptAgent': (argument) => interruptAgent(deps, argument),
    'taco.broadcast': () => broadcast(deps),
    'taco.openAgentTerminal': (argument) => openTerminal(deps, argument),
    'taco.openTerminalGrid': () => openTerminalGrid(deps),
    'taco.relaunchMother': () => relaunchMother(deps),
    'taco.relaunchAgent': (argument) => relaunch(deps, argument),
    'taco.stopAgent': (argument) => stopAgent(deps, argument),
    'taco.adoptPane': () => adoptPane(deps),
    'taco.forgetHost': () => removeHost(deps),
    'taco.answer': (argument) => answer(deps, argument),
    'taco.revealAgent': (argument) => revealAgent(deps, argument),
    'taco.muteAgent': (argument) => mute(deps, argument, true),
    'taco.unmuteAgent': (argument) => mute(deps, argument, false),
    'taco.openMonitor': () => void deps.monitor.show(),
    'taco.reviewPlan': () => reviewPlan(deps),
    'taco.editPlan': () => deps.planDocument.open(),
    'taco.retryMessage': (argument) => retryMessage(deps, argument),
    'taco.dropMessage': (argument) => dropMessage(deps, argument),
    'taco.showMessage': (argument) => showMessage(deps, argument),
    'taco.showConversation': (argument) => showConversation(deps, argument),
    'taco.exportMessages': (argument) => exportMessages(deps, argument),
    'taco.openService': (argument) => openService(deps, argument),
    'taco.setBudget': () => setBudget(deps),
    'taco.showReport': () => showReport(deps),
    'taco.pauseTeam': () => pauseTeam(deps),
    'taco.resumeTeam': () => resumeTeam(deps),
    'taco.showLog': () => deps.channel.show(),
    'taco.runDoctor': () => runDoctor(deps),
    'taco.setRedisPassword': () => setRedisPassword(deps),
    'taco.chooseProject': () => deps.host.chooseFolder(),
    'taco.switchProject': () => switchProject(deps),
    'taco.refresh': () => deps.host.project?.check(),
    'taco.trySample': () => trySample(deps),
    'taco.getStarted': () => getStarted(deps),
    'taco.install': (argument) => install(deps, argument),
    ...editorHandlers(editor),
    ...workHandlers(deps, editor),
  };
}

/** Throws TacoError plan-missing. */
async function reviewPlan(deps: CommandDeps): Promise<void> {
  const project = deps.host.require();
  await project.check();
  if (planToShow(project.state) === null) throw errors.planMissing();
  deps.planReview.show();
}
