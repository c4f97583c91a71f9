/** English words of lesson 8: its prediction, its goal, its exercise. */
export const qos = {
  prediction: {
    question:
      'You cut p1’s connection while that PUBACK is on its way, and p1 comes back. How often will the phone have received “{payload}”?',
    options: ['once', 'twice', 'never'],
  },
  table: {
    published: 'published with',
    granted: 'granted {qos}',
    qos: 'QoS {qos}',
    caption: 'The QoS with which the phone receives a message',
  },
  goal: {
    title: 'one message, two PUBLISH packets, one delivery',
    repeated:
      'p1 publishes “{payload}” with QoS 2 and sends it again with DUP 1, and both packets reach the broker',
    sameId: 'both packets have the same packet identifier',
    once: 'the phone receives “{payload}” exactly once',
    packets: 'packets {numbers}',
    only: 'only packet {numbers}',
    received: 'received {count}',
    obstacles: {
      notCut: 'Nothing was cut so far. While a connection lives, nothing is sent twice.',
      notBack: 'p1 has no connection. It sends again only when it is back.',
      firstLost:
        'The first PUBLISH was lost on its way, so the broker saw only one. Go back, and let it arrive before you cut.',
      released:
        'p1 had received the PUBREC. From then on it repeats the PUBREL and never the PUBLISH. Go back, and cut earlier.',
      secondLost: 'The second PUBLISH was lost as well. Let p1 come back once more, or go back a step.',
      onItsWay: 'p1 is on its way back. Go on until the second PUBLISH has reached the broker.',
      notDelivered: 'The phone has not received it yet. Go on.',
    },
    hints: [
      'p1 repeats its PUBLISH as long as it has not received the answer to it.',
      'Which packet answers the PUBLISH of p1? Cut the connection while that packet is on its way.',
      'Let the PUBLISH arrive, cut at the PUBREC with id 4, then let p1 reconnect and step on.',
    ],
  },
  exercise: {
    task: 'The connection of {client} is cut at the end of this figure. {client} comes back to its session, and everything goes on to the end.',
    again: 'What is sent again on the new connection?',
    options: {
      publishDup: 'the PUBLISH, with DUP 1',
      publish: 'the PUBLISH, with DUP 0',
      pubrel: 'the PUBREL',
      nothing: 'nothing',
    },
    packetId: 'Its packet identifier (leave it empty if there is none)',
    deliveries: 'How often will the phone have received “{payload}” in the end?',
    answer: {
      none: 'Nothing is sent again.',
      again: 'What is sent again is {packet}, under packet identifier {id}.',
      deliveries: {
        one: 'The phone receives “{payload}” once.',
        other: 'The phone receives “{payload}” {count} times.',
      },
    },
    wrong: {
      unanswered: 'Answer all of it first.',
      again: 'Something else is sent again: look at what the sender still waits for.',
      packetId: 'It keeps the packet identifier that it had.',
      noId: 'Where nothing is sent again, there is no packet identifier.',
      deliveries:
        'The phone receives it another number of times: look at what the receiver remembers at the cut.',
    },
  },
  shuffled: {
    label: 'a handshake in order',
    task: 'MQTT {version}. p1 publishes one message with QoS {published}, and the phone’s subscription was granted QoS {granted}. Put the packets into an order in which they can arrive.',
    way: '{from} to {to}',
    named: '{packet}, from {from} to {to}',
    up: 'Move up: {packet}',
    down: 'Move down: {packet}',
    right:
      'They can arrive in this order. The two hops do not wait for each other, so it need not be the only one.',
    wrong:
      'At place {place}, {packet} cannot arrive: nobody has sent it yet. Which packet does its sender answer with it?',
  },
} as const;
