/** English words of lesson 10: the parts of its figure, its prediction, its table, its goal, its exercise. */
export const retained = {
  stories: { retain: 'Retain', replace: 'Replace', remove: 'Remove' },
  prediction: {
    question:
      'The phone is subscribed, and the broker retains “23”. Now p1 publishes an empty message with RETAIN 1. What does the phone get of it?',
    options: ['nothing', 'the empty message, with RETAIN 1', 'the empty message, with RETAIN 0'],
  },
  table: {
    caption: 'The RETAIN flag with which a message reaches a subscriber',
    published: 'published with',
    retain: 'RETAIN {flag}',
    nothing: 'nothing',
    routes: {
      live: 'the subscription was there before',
      late: 'the subscription is new',
      asPublished: 'it was there, with Retain As Published (5.0)',
    },
  },
  goal: {
    title: 'one message for a latecomer, one live, and an empty one',
    offers: {
      first: 'p1: “21”, RETAIN 1',
      second: 'p1: “22”, RETAIN 1',
      passing: 'p1: “22”, RETAIN 0',
      empty: 'p1: empty, RETAIN 1',
      leave: 'p1: disconnect',
      subscribe: 'phone: subscribe',
    },
    fromTopic: 'the phone receives “21” with RETAIN 1, sent to it while p1 is not connected',
    live: 'the phone receives “22” with RETAIN 0, though p1 published it with RETAIN 1',
    removed: 'the broker retains nothing in the end, and the phone has received the empty message',
    obstacles: {
      tooEarly:
        '“21” came live, with RETAIN 0: the phone had subscribed before. Go back, publish first, and subscribe later.',
      stillThere:
        '“21” came with RETAIN 1, but p1 was still connected when the broker sent it. Go back, and let p1 leave first.',
      notLive: '“22” came with RETAIN 1: it was sent because of a subscription, and not live.',
      notRetained: '“22” came with RETAIN 0, but p1 had published it so. Publish it with RETAIN 1.',
      notRemoved: 'The broker still retains a message. What removes it?',
      nobodyTold: 'The store is empty. Go on until the empty message has reached the phone.',
    },
    hints: [
      'Who holds a retained message: p1, or the broker? Let p1 publish “21” and disconnect.',
      'The phone subscribes only then. When it has “21”, let p1 reconnect and publish “22” with RETAIN 1.',
      'In the end p1 publishes the empty message with RETAIN 1. Step until all has arrived.',
    ],
  },
  exercise: {
    task: 'All clients speak MQTT {version} and stay connected unless it says otherwise. Nothing was retained before. Who gets “{payload}”, and with which RETAIN flag?',
    lines: {
      subscribes: '{client} subscribes to {topicFilter}.',
      subscribesAsPublished: '{client} subscribes to {topicFilter}, with Retain As Published 1.',
      publishes: 'p1 publishes “{payload}” to {topic}, RETAIN {flag}.',
      empties: 'p1 publishes an empty message to {topic}, RETAIN {flag}.',
      leaves: 'p1 disconnects.',
    },
    gets: '{client} gets “{payload}”',
    options: { none: 'not at all', 0: 'with RETAIN 0', 1: 'with RETAIN 1' },
    unanswered: 'Answer all of it first.',
    wrong:
      'Something else comes to {clients}. Ask two things: does the filter match, and was the subscription there before the message?',
    answers: {
      none: '{client} gets nothing.',
      0: '{client} gets it with RETAIN 0.',
      1: '{client} gets it with RETAIN 1.',
    },
  },
} as const;
