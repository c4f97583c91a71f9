/** English words of lesson 9: its figures, its predictions, its goal, its experiment, its exercise. */
export const sessions = {
  stories: { keep: 'Session kept', clean: 'Session ends' },
  expiry: { late: 'after 90\u00a0s', early: 'after 30\u00a0s', none: 'no interval' },
  granted0: {
    question:
      'The phone keeps its session, but has subscribed with QoS 0. It leaves, p1 publishes “1” with QoS 2, and the phone returns. What does the phone get?',
    options: ['“1”, with QoS 2', '“1”, with QoS 0', 'nothing'],
  },
  takeover: {
    question:
      'The phone is connected with the client identifier phone. Now a tablet connects with the same client identifier. What happens?',
    options: ['the tablet is refused', 'the phone is disconnected', 'both stay connected'],
  },
  outliving: {
    label: 'Experiment: a broker that outlives its page',
    none: 'Nothing is stored yet.',
    idle: 'The broker has the phone’s session. Nothing waits in it.',
    waiting: 'The broker has the phone’s session. In it waits: {list}.',
    present: 'The phone was back. Session Present {flag}.',
    received: 'It got {list}.',
    nothing: 'It got nothing.',
    quoted: '“{payload}”',
    publish: 'p1 publishes “{payload}”',
    reload: 'Reload this page',
    return: 'The phone returns',
    forget: 'Forget it all',
    taken: 'Another page has this broker’s store open. Close that page, and reload this one.',
    refused: 'This browser stores nothing for this page.',
  },
  goal: {
    title: 'the phone gets what was published while it was away',
    stories: { clean: 'Session ends', keep: 'Session kept', nameless: 'No identifier' },
    offers: {
      subscribe0: 'Subscribe with QoS\u00a00',
      subscribe1: 'Subscribe with QoS\u00a01',
      leave: 'The phone leaves',
      publish0: 'p1 publishes “{payload}”, QoS\u00a00',
      publish1: 'p1 publishes “{payload}”, QoS\u00a01',
      return: 'The phone returns',
    },
    keeps:
      'the phone’s CONNECT names a client identifier, and asks for a session that outlives the connection',
    granted: 'the SUBACK grants QoS 1 or 2',
    missed: 'while the phone is away, a message with QoS 1 or 2 reaches the broker',
    caughtUp: 'the CONNACK of its return says Session Present 1, and the phone receives that message',
    found: {
      clean: { 4: 'Clean Session {flag}', 5: 'Clean Start {flag}, interval {seconds}\u00a0s' },
      nameless: 'no identifier',
      granted: 'granted {qos}',
      missed: 'QoS {list}',
      present: 'Session Present {flag}',
    },
    obstacles: {
      notSubscribed: 'No SUBACK has reached the phone: it has not asked for anything yet.',
      notAway: 'Nothing has been published while the phone was away, so it has missed nothing.',
      notPublished: 'The phone is away. Nothing has reached the broker since.',
      stillAway: 'The broker has the message, and the phone is still away.',
      nameless:
        'The phone gave no client identifier. The broker made one up for each connection, so nobody came back: somebody new came.',
      forgets:
        'The phone did not ask for a session that outlives its connection. When it left, the broker forgot its subscription.',
      granted0: 'The subscription has QoS 0, so every message for it has QoS 0, and those are not kept.',
      published0: 'All that was published while the phone was away had QoS 0. Such messages are not kept.',
      onItsWay: 'The phone is back, and something is still on its way. Go on.',
    },
    hints: [
      'Four things have to be right. What the figure opens with has one of them wrong already: look at what the CONNECT asks for.',
      'Choose “Session kept”. A message with QoS 0 is not kept, and neither is one that a subscription with QoS 0 makes so.',
      'Subscribe with QoS 1, let SUBSCRIBE and SUBACK arrive, let the phone leave, publish with QoS 1, let the phone return, and go on to the end.',
    ],
  },
  exercise: {
    task: 'The phone comes and goes. What does it find when it returns?',
    connect: {
      4: '3.1.1: the phone connects with Clean Session {flag}. It returns with the same CONNECT.',
      5: '5.0: the phone connects with Clean Start {flag} and a Session Expiry Interval of {seconds}\u00a0s. It returns with the same CONNECT.',
    },
    subscribes: 'It subscribes to {topicFilter} with QoS {qos}.',
    leaves:
      'It sends DISCONNECT. p1 then publishes these messages. {seconds} seconds later the phone returns.',
    present: 'Session Present in the CONNACK of its return',
    received: 'Which messages does it get?',
    message: '“{payload}” to {topic}, QoS {qos}',
    answer: {
      present: 'Session Present is {flag}.',
      none: 'The phone gets nothing.',
      received: 'The phone gets {list}.',
      quoted: '“{payload}”',
    },
    wrong: {
      unanswered: 'Answer what Session Present says first.',
      present:
        'Session Present is another one: is there still a session when the phone returns, and does it want it?',
      tooMany:
        'It does not get all of these. For each, look at the subscription, at both QoS values, and at whether the session is there.',
      tooFew: 'It gets more than that.',
    },
  },
  now: {
    label: 'what is kept now',
    task: 'What does the broker keep in the phone’s session now? Leave all empty if there is no session.',
    connect: {
      4: '3.1.1: the phone connects with Clean Session {flag}.',
      5: '5.0: the phone connects with Clean Start {flag} and a Session Expiry Interval of {seconds}\u00a0s.',
    },
    unsubscribes: 'It unsubscribes from {topicFilter}.',
    leaves: 'It sends DISCONNECT. p1 then publishes the messages below. That was {seconds} seconds ago.',
    stays:
      'It stays connected. p1 then publishes the messages below, and all packets arrive. That was {seconds} seconds ago.',
    subscriptions: 'Subscriptions that are kept',
    messages: 'Messages that wait',
    message: '{topic}, QoS {qos}',
    answer: {
      none: 'There is no session.',
      subscriptions: 'The broker keeps the subscriptions to {list}.',
      noMessages: 'No message waits.',
      messages: 'Messages to {list} wait.',
    },
    wrong: {
      ended:
        'There is no session any more: look at what the phone asked for when it connected, and at the time.',
      subscriptions: 'It is different for the subscriptions: while the session lasts, what ends one?',
      messages:
        'It is different for the messages. For each: is there a subscription, do both QoS values allow it to be kept, and is the phone away?',
    },
  },
} as const;
