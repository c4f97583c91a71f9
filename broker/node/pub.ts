// The command `npm run pub`: mosquitto_pub on this machine.
import { pub } from '../client/tools/pub.ts';
import { command } from './tools.ts';

await command(pub);
