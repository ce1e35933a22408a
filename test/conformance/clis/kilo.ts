import { ensureKilo, KILO_NATIVE, KILO_VERSION, kiloHome } from '../../support/clis/kilo';
import type { CliUnderTest } from './cli';
import { ears, openCodeUnderTest } from './openCode';

/** Kilo CLI is made from OpenCode: the same screen, model wire and cases. */
export const kiloUnderTest: CliUnderTest = {
  ...openCodeUnderTest,
  name: 'kilo',
  title: 'Kilo CLI',
  npmPackage: KILO_NATIVE,
  versions: [KILO_VERSION],
  install: ensureKilo,
  home: ({ home, modelUrl, hooks }) => kiloHome({ home, modelUrl, plugin: ears(hooks) }),
};
