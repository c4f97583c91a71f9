/** English words of the working broker on the home page. */
export const home = {
  figure: 'A working broker. Arrow keys left and right go back and on.',
  publisher: {
    heading: 'Publisher',
    topic: 'Topic',
    message: 'Message',
    qos: 'QoS',
    retain: 'Retain',
    publish: 'Publish',
  },
  /** What is wrong with what was typed. */
  faults: {
    topicEmpty: 'A topic name has at least one character.',
    topicWildcard: '{value} is a wildcard. Topic filters have wildcards, topic names have none.',
    other: 'No PUBLISH can carry this.',
  },
  wire: 'Packets between {client} and the broker',
  broker: {
    heading: 'Broker',
    opened: {
      from: 'opened: {packet} from {client}, {count} bytes',
      to: 'opened: {packet} to {client}, {count} bytes',
      nothing: 'nothing opened',
    },
    unopened: { waiting: 'The packet has not arrived yet.', idle: 'Nothing has been published yet.' },
    bytes: 'Bytes of the packet. Arrow keys move among them, Enter keeps one lit.',
  },
  /** The parts of a packet in words, a phrase for each field. */
  parts: {
    type: 'type {type}',
    flags: 'type {type}, flags {flags}',
    publish: 'type {type}, QoS\u00a0{qos}',
    retained: 'type {type}, QoS\u00a0{qos}, RETAIN',
    follow: { one: '{count} byte follows', other: '{count} bytes follow' },
    topic: { one: '{count} byte of topic:', other: '{count} bytes of topic:' },
    id: 'packet identifier\u00a0{id}',
    message: 'all that is left:',
    empty: 'nothing is left: the message is empty',
    separator: '; ',
  },
  filters: {
    asked: 'Who asked for {topic}?',
    all: 'Who asked for what?',
    filter: 'Topic filter',
    verdict: 'Whether it matches',
    client: 'Subscriber',
    matches: 'matches',
    differs: 'differs at level {level}',
    'topic ends': 'the topic has no level {level}',
    'filter ends': 'has no level {level}',
    wildcard: '{wildcard} does not match $',
  },
  subscribers: {
    heading: 'Subscribers',
    'on its way': 'on its way',
    nothing: 'nothing',
    empty: 'an empty message',
  },
  time: { label: 'Time', back: 'Back', step: 'Step', play: 'Play', pause: 'Pause' },
  lesson: 'Open in a lesson',
  status: {
    idle: 'Nothing has been published yet. Publish something.',
    sent: '{client} has sent PUBLISH. It is on its way to the broker.',
    arrived: 'PUBLISH arrived.',
    matched: { one: '{matched} of {count} filter matches.', other: '{matched} of {count} filters match.' },
    unmatched: 'No filter matches: the broker passes it on to nobody.',
    refused:
      'Topics under $SYS are the broker’s own: it passes the message on to nobody. MQTT 3.1.1 has no way to say so.',
    delivered: 'Delivered to {names}.',
    flying: { one: '{names}’s copy is in flight.', other: 'Copies for {names} are in flight.' },
    both: {
      one: 'Delivered to {delivered}; {names}’s copy is in flight.',
      other: 'Delivered to {delivered}; copies for {names} are in flight.',
    },
    retained: {
      stored: 'The broker keeps it for those who subscribe later.',
      replaced: 'The broker keeps it in place of the one before.',
      removed: 'It is empty: the broker keeps none for this topic any more.',
    },
    /** What it means to whom it reached that an acknowledgement arrived. */
    answers: {
      puback: 'PUBACK arrived from {from}: {to} may forget the message.',
      pubrec: 'PUBREC arrived from {from}, which has the message: {to} goes on with PUBREL.',
      pubrel: 'PUBREL arrived from {from}: {to} forgets the identifier and answers with PUBCOMP.',
      pubcomp: 'PUBCOMP arrived from {from}: the identifier is free again.',
    },
    broker: 'the broker',
    left: { one: '{count} packet in flight.', other: '{count} packets in flight.' },
    done: 'All packets have arrived.',
  },
} as const;
