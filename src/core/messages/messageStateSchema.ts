import * as z from 'zod';
import { MESSAGE_STATES } from './messageState';

/** Schema of a message's state, for data from Redis. Apart from the states, because views do not load zod. */
export const messageStateSchema = z.enum(MESSAGE_STATES);
