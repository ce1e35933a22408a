import type { LogOutputChannel } from 'vscode';
import type { Logger } from '../../core/base/logger';
import { redact } from '../../core/base/redact';
import { collapseRepeats } from '../../core/team/collapseRepeats';

/** The Logger port on VS Code's log channel: `event {"field":…}`, secrets taken out and what repeats written once a minute. The channel's own level filters. */
export function channelLogger(channel: LogOutputChannel): Logger {
  const line = (event: string, fields?: Record<string, unknown>): string =>
    fields === undefined ? event : `${event} ${JSON.stringify(redact(fields))}`;
  return collapseRepeats({
    trace: (event, fields) => channel.trace(line(event, fields)),
    debug: (event, fields) => channel.debug(line(event, fields)),
    info: (event, fields) => channel.info(line(event, fields)),
    warn: (event, fields) => channel.warn(line(event, fields)),
    error: (event, fields) => channel.error(line(event, fields)),
  });
}
