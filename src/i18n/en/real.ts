/** English words of a figure at a real broker. */
export const real = {
  where: {
    label: 'Which broker',
    places: { page: 'In this page', machine: 'On my machine', other: 'Another broker' },
    away: 'A broker of your own comes with this site: type {command} in the project’s folder, and open this page there.',
    machine:
      'The clients of this page connect to the broker behind it, in real time. What your own clients do there, mosquitto_sub for one, shows up beside them.',
    address: 'Address of the broker',
    example: 'wss://…',
    use: 'Use it',
    other:
      'Any broker that takes MQTT over WebSocket, by its ws:// or wss:// address. What you publish there is real.',
    at: 'The clients of this page connect to {address}, in real time. What you publish there is real.',
    addresses: {
      address: 'That is no address of a broker: it begins with ws:// or wss://.',
      mixed: 'This page came over https, and browsers let it connect to wss:// addresses only.',
    },
    /** The broker behind the page is not there any more, and then is again. */
    telling: {
      lost: 'The broker behind this page does not answer any more. As soon as it is back, this page will say so.',
      back: 'The broker behind this page is back. The clients have to connect again.',
    },
    troubles: {
      mixed: '{client} has no connection: the browser does not let this page connect to that address.',
      refused:
        '{client} has no connection: nobody takes MQTT over WebSocket at that address, or they do not take this page.',
      silent: '{client} has no connection: nobody has answered for ten seconds.',
      ended: 'The other end has closed the connection of {client}.',
      broken: 'The connection of {client} broke, and the other end did not say why.',
      foreign: 'What came for {client} is not MQTT. The connection is closed.',
    },
  },
  inLesson:
    'Time is real here, and the broker has its own settings. The run in the page stays as you left it, and it alone counts for goals.',
  story: {
    heading: 'What comes next in this story',
    do: 'Do it',
    over: 'The story is over. Go on as you like.',
  },
  on: 'On',
  now: 'To now',
  present: 'now',
  past: 'This is the past: here you can only look.',
  full: 'No more than {most} steps are written down. Switch to another broker and back to begin anew.',
  unseen:
    'This broker is not ours: what it decides, what it remembers and what it sends to others cannot be seen here, only the packets of this page’s clients.',
  identifiers:
    'The identifiers of this page’s clients end in {mark} at this broker, so that they and those of other pages do not throw each other out.',
  typedIdentifiers: 'One that you set yourself stays as it is.',
  yours: 'For a client of your own, type this in a terminal on this machine:',
  unseenOwn:
    'What this broker decides stands beside the packets; what it remembers it does not tell. Packets of other clients are shown as they pass, and do not wait.',
} as const;
