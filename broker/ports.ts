// Where a broker is found: ports, paths and addresses. Knows the numbers, and opens nothing.

/** The port that IANA registered for MQTT over TCP. */
export const MQTT_PORT = 1883;

/** The addresses by which a machine reaches only itself. A broker listens here unless told otherwise. */
export const LOOPBACK: readonly string[] = ['127.0.0.1', '::1'];

/** Where the site's own port takes MQTT over WebSocket. */
export const MQTT_PATH = '/mqtt';

/** Where a page of the site is told what happens in the broker behind it. */
export const TRACE_PATH = '/trace';

/** The file that says whether there is a broker behind the site; on a static site it says that there is none. */
export const BROKER_FILE = '/broker.json';

/** The lesson that shows packets of real clients. */
export const LIVE_PATH = '/lessons/publish-packet/';
