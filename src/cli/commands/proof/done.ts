import { errors } from '../../../core/errors/errors';
import { Keys } from '../../../redis/client/keys';
import { postRequest } from '../../../redis/state/postRequest';
import type { CommandContext } from '../../runtime/commandContext';
import type { CommandResult } from '../../runtime/io';
import { connectRedis, reportingSession } from '../../runtime/lightRedis';

/** `taco done`: only an agent can report done. It is on the light path, since an agent waits for it. */
export async function done(context: CommandContext): Promise<CommandResult> {
  const { sender, invocation } = context;
  if (sender.kind !== 'agent')
    throw errors.usage('Only an agent reports done, from its own window.', 'To end the session: `taco down`.');
  const place = context.project();
  const client = await connectRedis(context, place);
  const keys = new Keys(place.id);
  await reportingSession(client, keys.session, place.dir);
  await postRequest(client, keys, { kind: 'report-done', window: sender.window, text: invocation.rest(0) });
  return { json: { requested: 'report-done', window: sender.window }, text: 'Reported.' };
}
