/** English words of the widgets of lesson 7. */
export const wireshark = {
  predict: {
    question:
      'One message went from pub-qos2 to sub-qos2 at QoS\u00a02: 16 packets in all. How many of them does the filter mqtt.qos == 2 let through?',
    options: [
      'Two: a PUBLISH on each hop.',
      'Eight: both handshakes, packet by packet.',
      'Twelve: all but what opens and closes the connections.',
      'Sixteen: both connections are about QoS\u00a02.',
    ],
  },
  goal: {
    title: 'find what the broker had kept',
    task: 'In this capture a message is published with RETAIN, a subscriber comes late, and the message is removed. Write a filter that lets through every retained message that the broker handed out, and nothing else. The broker’s port is 23883.',
    checks: {
      publish: 'Nothing but PUBLISH',
      retain: 'Nothing without RETAIN',
      down: 'Nothing that a client sent',
      all: 'None left out',
    },
    found: { one: '{count} packet too many', other: '{count} packets too many' },
    missing: { one: '{count} packet is missing', other: '{count} packets are missing' },
    hints: [
      'Open a PUBLISH, and look at the names at the right of its fields: mqtt.msgtype, mqtt.retain.',
      'A field of TCP says who sent a packet: what comes from the broker has its port as tcp.srcport.',
      'Three tests, joined by &&.',
    ],
  },
  faulty: {
    label: 'a fault',
    task: 'This capture of a broker has one fault. Open the packet at which it shows, and say what it is.',
    legend: 'The fault',
    faults: {
      unacknowledged: 'A QoS\u00a01 PUBLISH is never acknowledged',
      wrongId: 'An acknowledgement names a packet that there is none of',
      unanswered: 'A SUBSCRIBE is never answered',
      keepAlive: 'The client was silent for longer than its keep alive',
      password: 'A password travels in the clear',
      inUse: 'A PUBLISH takes an identifier that is still in use',
      secondConnect: 'A client sends CONNECT twice',
    },
    making: 'The capture is being made.',
    choose: 'Choose a packet in the list and a fault below it.',
    verdicts: {
      right: 'Frame {frame}: {message}',
      place: 'That is the fault, but it does not show at frame {frame}.',
      fault: 'Something is wrong at frame {frame}, but not that.',
      both: 'At frame {frame} that is not so. Follow the exchanges: which packet has no answer, and which answers nothing?',
    },
  },
  blanks: {
    label: 'a packet',
    task: 'A packet that Mosquitto really sent, in MQTT {version}, with bytes missing. Wireshark shows its fields below: fill the bytes in.',
    fields: 'What Wireshark shows',
    right: 'The packet shows all the fields that Wireshark saw.',
    blank: { one: 'Byte {offsets} is still blank.', other: 'Bytes {offsets} are still blank.' },
    fault: 'Byte {offset}: {message}',
    different: '{filter} is {found}, not {wanted}.',
    nothing: 'not there',
  },
} as const;
