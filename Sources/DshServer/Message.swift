// A message of the protocol: an object of JSON on one line, with bytes behind it and descriptors beside it (docs/protocol.md).

import DshColumns
import DshDiagnostics
import DshFormats

/// A message that goes out.
struct OutgoingMessage: Sendable {
  private var members: [JSONMember] = []
  private(set) var bytes: [UInt8] = []
  /// Open until the message has gone.
  private(set) var descriptors: [Int32] = []

  init(event: String, id: Int? = nil) {
    self["event"] = .string(event)
    if let id { self["id"] = JSONValue(id) }
  }

  subscript(_ name: String) -> JSONValue {
    get { members.first { $0.name.isExactly(name) }?.value ?? .null }
    set { members.append(JSONMember(name: name, value: newValue)) }
  }

  mutating func append(_ others: [JSONMember]) { members += others }

  /// What is told of a message that has no number.
  mutating func removeID() { members.removeAll { $0.name.isExactly("id") } }

  /// Has bytes follow.
  mutating func attach(_ bytes: [UInt8]) {
    self["bytes"] = JSONValue(bytes.count)
    self.bytes = bytes
  }

  /// Has descriptors come along.
  mutating func attach(descriptors: [Int32]) {
    if descriptors.isEmpty { return }
    self["descriptors"] = JSONValue(descriptors.count)
    self.descriptors = descriptors
  }

  /// With its end.
  var line: [UInt8] { Array((JSONValue.object(members).text + "\n").utf8) }
}

extension JSONValue {
  /// A fraction; null where JSON has no such number.
  init(_ number: Double) { self = number.isFinite ? .number(CellText.string(.float64(number)) ?? "0") : .null }
}

/// A message that came.
struct IncomingMessage: Equatable {
  var members: [JSONMember]
  var bytes: [UInt8]

  /// A member; nil if there is none, or null.
  subscript(_ name: String) -> JSONValue? {
    let value = members.first { $0.name.isExactly(name) }?.value
    return value == .null ? nil : value
  }
}

/// Cuts what comes into messages.
struct MessageAssembler {
  /// What a message turned out to be.
  enum Arrival: Equatable {
    case message(IncomingMessage)
    /// A line that is none; what follows can be read all the same.
    case unreadable(String)
  }

  /// Nothing that comes after this can be told apart any more.
  struct Overflow: Error, Equatable {
    var problem: String
  }

  /// Longer lines are not sent by anybody.
  static let lineLimitBytes = 64 << 20
  /// What follows a line: more would be no block either.
  static let bytesLimit = 2 << 30

  private var received: [UInt8] = []
  /// Up to here no end of a line was found.
  private var searched = 0
  private var waiting: (members: [JSONMember], byteCount: Int)?

  mutating func append(_ bytes: [UInt8]) { received += bytes }

  /// The next message, if all of it is there.
  mutating func next() throws(Overflow) -> Arrival? {
    if waiting == nil {
      guard let end = received[searched...].firstIndex(of: UInt8(ascii: "\n")) else {
        searched = received.count
        if searched > Self.lineLimitBytes { throw Overflow(problem: "a line is longer than \(Self.lineLimitBytes >> 20) MiB") }
        return nil
      }
      let line = received[..<end]
      let parsed = Self.members(line)
      received.removeSubrange(...end)
      searched = 0
      switch parsed {
      case .failure(let mistake): return .unreadable(mistake.problem)
      case .success(let members):
        let count = members.first { $0.name.isExactly("bytes") }.flatMap { $0.value.count } ?? 0
        guard count <= Self.bytesLimit else { throw Overflow(problem: "more than \(Self.bytesLimit >> 30) GiB are to follow a line") }
        waiting = (members, count)
      }
    }
    guard let (members, count) = waiting, received.count >= count else { return nil }
    let bytes = Array(received[..<count])
    received.removeFirst(count)
    waiting = nil
    return .message(IncomingMessage(members: members, bytes: bytes))
  }

  private static func members(_ line: ArraySlice<UInt8>) -> Result<[JSONMember], JSONMistake> {
    guard String(validating: line, as: UTF8.self) != nil else { return .failure(JSONMistake(problem: "a line is not UTF-8")) }
    var text = JSONText(line)
    do throws(JSONMistake) {
      guard case .object(let members) = try text.value() else { return .failure(JSONMistake(problem: "a line is to hold an object")) }
      return .success(members)
    } catch { return .failure(error) }
  }
}

extension JSONValue {
  /// A whole number that is not negative; nil for anything else.
  var count: Int? {
    guard case .number(let text) = self, let number = Int(text), number >= 0 else { return nil }
    return number
  }
}
