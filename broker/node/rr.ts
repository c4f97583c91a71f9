// The command `npm run rr`: mosquitto_rr on this machine.
import { rr } from '../client/tools/rr.ts';
import { command } from './tools.ts';

await command(rr);
