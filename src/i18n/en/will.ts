/** English words of lesson 11: its prediction, its table, its goal, the figure of the delay, its exercise. */
export const will = {
  stories: { retained: 'Will Retain 1', passing: 'Will Retain 0' },
  prediction: {
    question:
      'p1 has a keep alive of 10 seconds. Its link stands still: nothing gets through, and neither end is told. When does the broker publish the will of p1?',
    options: ['at once', 'after 10 seconds', 'after 15 seconds', 'never'],
  },
  denied: {
    question:
      'p1 sends this CONNECT with the flags 02 instead of 2E, in MQTT 3.1.1. The flags deny the will, and its bytes are still there. What does the broker do?',
    options: [
      'It lets p1 in, without a will.',
      'It refuses p1 with a CONNACK.',
      'It closes the connection without a word.',
    ],
  },
  table: {
    caption: 'What becomes of the will, for each way in which a connection ends',
    end: 'the connection ends because',
    published: 'published',
    deleted: 'deleted',
    endings: {
      lost: 'the network, or the client, fails',
      silent: 'the keep alive has run out',
      malformed: 'the client sent a malformed packet',
      takenOver: 'another client came with the same client identifier',
      goodbye: 'the client sent DISCONNECT',
      goodbyeWithWill: 'the client sent DISCONNECT with reason 0x04',
    },
  },
  goal: {
    title: 'one client falls silent, the other says goodbye',
    offers: {
      wait: 'Let 5 s pass',
      publish: 'p1: publish',
      order: 'phone: publish to p1',
      cut: 'Cut p1',
      leave: 'p1: disconnect',
      leavePhone: 'phone: disconnect',
      cutPhone: 'Cut phone',
    },
    silent: 'the broker hears nothing of p1 for 15 seconds, and the will of p1 reaches the watch',
    deleted: 'the DISCONNECT of the phone reaches the broker, and its will is deleted',
    once: 'the watch receives exactly one message',
    clock: '{seconds} s have passed',
    received: 'received {count}',
    obstacles: {
      cut: 'p1’s connection was cut, so the broker knew at once. Go back: here it has to find out by silence.',
      left: 'p1 said goodbye, so its will is gone. Go back, and let it fall silent.',
      phoneCut: 'The phone’s connection was cut, so its will is published. Go back, and let it say goodbye.',
      answered:
        'A PINGREQ of p1 reached the broker, and the 15 seconds began anew. Freeze the link of p1, and nothing more gets through.',
      onItsWay: 'The will is published. Go on until it has reached the watch.',
      waiting: 'Time passes. Until the broker has heard nothing of p1 for 15 seconds, it waits.',
    },
    hints: [
      'A broker that is told nothing can only count. What has to keep away from it, and for how long?',
      'Freeze the link of p1, and let time pass. The other end of the figure is the phone: it has a polite way to leave.',
      'Freeze p1, three times “Let 5 s pass”, deliver the will to the watch; then “phone: disconnect”, and deliver that.',
    ],
  },
  delay: {
    offers: {
      wait: 'Let 10 s pass',
      cut: 'Cut p1',
      leave: 'p1: disconnect, 0x00',
      leaveWithWill: 'p1: disconnect, 0x04',
    },
  },
  exercise: {
    task: 'p1 and the broker speak MQTT {version}. The list is complete, but for the PINGREQ packets that p1 sends when it is due. What becomes of the will of p1?',
    second: '{second} s',
    lines: {
      connects: 'p1 connects with a will and a keep alive of {keepAlive} s.',
      lasting: 'Will Delay Interval {delay} s, Session Expiry Interval {expiry} s, Clean Start 0.',
      publishes: 'A PUBLISH of p1 reaches the broker.',
      receives: 'A PUBLISH of the broker reaches p1.',
      cut: 'The connection of p1 is lost, and the broker learns of it.',
      freezes: 'From now on nothing of p1 gets through, and nobody is told.',
      leaves: 'A DISCONNECT of p1 reaches the broker.',
      leavesWithWill: 'A DISCONNECT of p1 with reason 0x04 reaches the broker.',
      returns: 'p1 connects again, as before.',
    },
    question: 'Is the will published?',
    published: 'yes',
    notPublished: 'no',
    when: 'If so, at which second?',
    unanswered: 'Answer all of it first.',
    wrong: {
      whether: 'It is the other way round: did p1 say goodbye, or come back in time?',
      when: 'It is published at another second: from which moment does the broker count, and does the will have a delay?',
    },
    answers: {
      never: 'The will is never published.',
      at: 'The will is published at second {second}.',
    },
  },
} as const;
