import type { CommandSpec } from './commandSpec';

/** Commands about services and their ports. */
export const serviceCommands: readonly CommandSpec[] = [
  {
    name: 'service register',
    summary: 'register a service that runs on a port',
    arguments: [
      { name: 'NAME', summary: 'a letter, then letters, digits, _ . or -' },
      { name: 'PORT', summary: '1 to 65535' },
    ],
    options: {
      url: { type: 'text', value: 'URL', summary: 'its address; default http://localhost:PORT' },
      check: {
        type: 'text',
        value: 'PATH',
        summary: 'health check: an HTTP path such as /health, or tcp (the default)',
      },
      'check-command': {
        type: 'text',
        value: 'CMD',
        summary: 'health check: this command, run without a shell in the owner’s folder; exit code 0 means healthy',
      },
    },
    details: [
      'The leader checks every 5 s; two checks in a row turn the health. A command may take 4 s, has PORT in its environment, and is written to your TACO folder, not to Redis. You may register one, and so may an agent that works in permission mode bypassPermissions: for any other it would be a way around the questions of its CLI. A service belongs to who registered it: no other agent may register its name again, or remove it, while that agent is there. You may.',
    ],
    examples: [
      'taco service register backend 3001 --check /health',
      'taco service register db 5432 --check-command "pg_isready -p 5432"',
    ],
  },
  {
    name: 'service list',
    summary: 'list the services and their health',
    arguments: [],
    options: {},
    examples: ['taco service list'],
  },
  {
    name: 'service remove',
    summary: 'remove a service from the list',
    arguments: [{ name: 'NAME', summary: 'the service' }],
    options: {},
    examples: ['taco service remove backend'],
  },
  {
    name: 'port',
    summary: 'reserve a free port that no other agent has',
    arguments: [],
    options: { count: { type: 'number', value: 'N', summary: 'how many; default 1' } },
    examples: ['PORT=$(taco port) npm start', 'taco port --count 2 --json'],
  },
];
