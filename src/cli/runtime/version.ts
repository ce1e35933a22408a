/** The version of this TACO, as its extension has it. */
export { version } from '../../../package.json';
