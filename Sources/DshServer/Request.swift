// What a program asks, as it is read from a message (docs/protocol.md).

import DshFormats

/// A request with the number that its events carry.
struct Request: Equatable {
  var id: Int
  var action: Action

  /// One for each word that `do` can be.
  enum Action: Equatable {
    case run(RunRequest)
    /// Handled as it comes; nil for whatever runs.
    case interrupt
    case complete(text: String, offset: Int)
    case inspect(text: String, offset: Int)
    case isComplete(text: String)
    case schema(dataset: String)
    case datasets
    case rows(dataset: String, first: Int?)
    case count(dataset: String)
    case blocks(dataset: String)
    case release(hold: Int)
    case readArrow(dataset: String, bytes: [UInt8], descriptors: Int)
  }
}

/// Statements to run, and what is wanted of them.
struct RunRequest: Equatable {
  var text: String
  var name = "<input>"
  var width: Int?
  var keepsGoing = false
  var wantsPictures = false
  var echoes = false
}

/// Why a message is no request.
struct RequestMistake: Error, Equatable {
  var id: Int?
  var problem: String
}

extension Request {
  private typealias Reader = @Sendable (Members) throws(RequestMistake) -> Action

  /// All requests by name.
  private static let readers: [String: Reader] = [
    "run": { members throws(RequestMistake) in
      var run = RunRequest(text: try members.text("text"))
      run.name = try members.textIfThere("name") ?? run.name
      run.width = try members.countIfThere("width")
      run.keepsGoing = try members.flag("keep_going")
      run.wantsPictures = try members.flag("pictures")
      run.echoes = try members.flag("echo")
      return .run(run)
    },
    "interrupt": { _ in .interrupt },
    "complete": { members throws(RequestMistake) in .complete(text: try members.text("text"), offset: try members.count("offset")) },
    "inspect": { members throws(RequestMistake) in .inspect(text: try members.text("text"), offset: try members.count("offset")) },
    "is_complete": { members throws(RequestMistake) in .isComplete(text: try members.text("text")) },
    "schema": { members throws(RequestMistake) in .schema(dataset: try members.text("name")) },
    "datasets": { _ in .datasets },
    "rows": { members throws(RequestMistake) in .rows(dataset: try members.text("name"), first: try members.countIfThere("first")) },
    "count": { members throws(RequestMistake) in .count(dataset: try members.text("name")) },
    "blocks": { members throws(RequestMistake) in .blocks(dataset: try members.text("name")) },
    "release": { members throws(RequestMistake) in .release(hold: try members.count("hold")) },
    "read_arrow": { members throws(RequestMistake) in
      .readArrow(
        dataset: try members.text("name"), bytes: members.message.bytes, descriptors: try members.countIfThere("descriptors") ?? 0)
    },
  ]

  /// - Throws: what is wrong, with the message's number if it has one.
  init(_ message: IncomingMessage) throws(RequestMistake) {
    let id = message["id"]?.count
    let members = Members(message: message, id: id)
    let name = try members.text("do")
    guard let reader = Self.readers[name] else {
      throw RequestMistake(id: id, problem: "nothing is known to do by the name \(JSONValue.string(name).text)")
    }
    let action = try reader(members)
    // An interrupt names the run that it is for, or none.
    guard let number = id ?? (action == .interrupt ? 0 : nil) else { throw members.mistake("id", "a whole number") }
    self.init(id: number, action: action)
  }
}

/// The members of a message, by the types that they have to have.
private struct Members {
  let message: IncomingMessage
  let id: Int?

  func mistake(_ name: String, _ wanted: String) -> RequestMistake { RequestMistake(id: id, problem: "\(name) is to be \(wanted)") }

  func textIfThere(_ name: String) throws(RequestMistake) -> String? {
    guard let value = message[name] else { return nil }
    guard case .string(let text) = value else { throw mistake(name, "a text") }
    return text
  }

  func text(_ name: String) throws(RequestMistake) -> String {
    guard let text = try textIfThere(name) else { throw mistake(name, "a text") }
    return text
  }

  func countIfThere(_ name: String) throws(RequestMistake) -> Int? {
    guard let value = message[name] else { return nil }
    guard let count = value.count else { throw mistake(name, "a whole number") }
    return count
  }

  func count(_ name: String) throws(RequestMistake) -> Int {
    guard let count = try countIfThere(name) else { throw mistake(name, "a whole number") }
    return count
  }

  func flag(_ name: String) throws(RequestMistake) -> Bool {
    guard let value = message[name] else { return false }
    guard case .bool(let flag) = value else { throw mistake(name, "true or false") }
    return flag
  }
}
