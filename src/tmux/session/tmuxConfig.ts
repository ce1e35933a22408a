/**
 * Returns the defaults of a tmux server that TACO starts. Each session and window of TACO also gets its own options
 * (`session/ownOptions.ts`).
 */
export function tmuxConfig(): string {
  return [
    '# Written by TACO at each start; edit your own tmux.conf instead.',
    "# Window numbers are the plan's: a base of 1 or renumbering would give messages to the wrong agent.",
    'set -g base-index 0',
    'set -g pane-base-index 0',
    'set -g renumber-windows off',
    "# Names are the agents'.",
    'set -g allow-rename off',
    'set -g automatic-rename off',
    '# An agent that ends leaves its last lines to be read.',
    'set -g remain-on-exit on',
    'set -g history-limit 20000',
    '# A size that input boxes and dialogs fit in while no client is attached; afterwards the newest client decides.',
    'set -g default-size 160x48',
    'set -g window-size latest',
    'set -g destroy-unattached off',
    'set -g exit-unattached off',
    'set -g exit-empty on',
    'set -s escape-time 10',
    'set -g focus-events off',
    '# Keys as every CLI understands them: extended encodings turn Enter into something else in some.',
    'set -s extended-keys off',
    'set -g set-clipboard off',
    'set -g visual-activity off',
    'set -g monitor-activity off',
    'set -g bell-action none',
    '',
  ].join('\n');
}
