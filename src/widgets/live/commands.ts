/** What to type into a terminal to reach the broker behind the site. This file knows the tools' options, and runs nothing. */
import { MQTT_PORT } from '#broker/ports.ts';

/** Publishes the message of the lesson. */
export function publishCommand(port: number): string {
  return `mosquitto_pub${portOption(port)} -t Room1/Light -m "Turn On" -i p1`;
}

/** Shows the messages that the lesson's command publishes. */
export function subscribeCommand(port: number): string {
  return `mosquitto_sub${portOption(port)} -t 'Room1/#' -v`;
}

/** What serves the site together with a broker, in the folder of the project. */
export const SERVE_COMMAND = 'npm start';

function portOption(port: number): string {
  return port === MQTT_PORT ? '' : ` -p ${port}`;
}
