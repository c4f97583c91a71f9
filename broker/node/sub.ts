// The command `npm run sub`: mosquitto_sub on this machine.
import { sub } from '../client/tools/sub.ts';
import { command } from './tools.ts';

await command(sub);
