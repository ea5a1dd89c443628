// The keys that dsh handles itself, how terminals send them, and how they reach libedit.

/// A key that is not left to libedit.
enum EditorKey: Int32, CaseIterable {
  case enter, newLine, interrupt, endOfFile, suspend, search, clearScreen, complete, completeBackward, up, down, left, right, wordLeft,
    wordRight, backspace, delete, home, end, paste, externalEditor, undo, dismiss

  /// The name it has in libedit, which lives for ever.
  var functionName: StaticString {
    switch self {
    case .enter: "dsh-enter"
    case .newLine: "dsh-new-line"
    case .interrupt: "dsh-interrupt"
    case .endOfFile: "dsh-end-of-file"
    case .suspend: "dsh-suspend"
    case .search: "dsh-search"
    case .clearScreen: "dsh-clear-screen"
    case .complete: "dsh-complete"
    case .completeBackward: "dsh-complete-backward"
    case .up: "dsh-up"
    case .down: "dsh-down"
    case .left: "dsh-left"
    case .right: "dsh-right"
    case .wordLeft: "dsh-word-left"
    case .wordRight: "dsh-word-right"
    case .backspace: "dsh-backspace"
    case .delete: "dsh-delete"
    case .home: "dsh-home"
    case .end: "dsh-end"
    case .paste: "dsh-paste"
    case .externalEditor: "dsh-external-editor"
    case .undo: "dsh-undo"
    case .dismiss: "dsh-dismiss"
    }
  }

  /// The control characters it is bound to, as editrc files write them.
  var controls: [String] {
    switch self {
    case .enter: ["^M", "^J"]
    case .interrupt: ["^C"]
    case .endOfFile: ["^D"]
    case .suspend: ["^Z"]
    case .search: ["^R"]
    case .clearScreen: ["^L"]
    case .complete: ["^I"]
    case .up: ["^P"]
    case .down: ["^N"]
    case .backspace: ["^?", "^H"]
    case .undo: ["^_"]
    case .dismiss: ["^G"]
    default: []
    }
  }

  /// What it is bound to only where Escape begins a key sequence, and Ctrl-A is no count: not in vi mode.
  var emacsControls: [String] {
    switch self {
    case .newLine: ["\\e^M", "\\e^J"]
    case .left: ["^B"]
    case .right: ["^F"]
    case .wordLeft: ["\\eb"]
    case .wordRight: ["\\ef"]
    case .home: ["^A"]
    case .end: ["^E"]
    case .externalEditor: ["^X^E"]
    case .undo: ["^X^U"]
    // libedit has a prompt for its own commands here, which nobody could see, and which ends the program on an empty answer.
    case .dismiss: ["\\ex", "\\eX"]
    default: []
    }
  }

  /// The letters it has in vi's command mode.
  var viCommands: [String] {
    switch self {
    case .up: ["k"]
    case .down: ["j"]
    case .search: ["/", "?"]
    case .externalEditor: ["v"]
    case .undo: ["u"]
    case .dismiss: [":"]
    default: []
    }
  }

  /// The escape sequences that terminals send for it.
  var sequences: [String] {
    switch self {
    case .newLine: ["\r", "\n", "[27;2;13~", "[13;2u"]
    case .completeBackward: ["[Z"]
    case .up: ["[A"]
    case .down: ["[B"]
    case .left: ["[D"]
    case .right: ["[C"]
    case .wordLeft: ["[1;5D", "[1;3D"]
    case .wordRight: ["[1;5C", "[1;3C"]
    case .delete: ["[3~"]
    case .home: ["[H", "[1~", "[7~"]
    case .end: ["[F", "[4~", "[8~"]
    default: []
    }
  }

  /// The scalar by which libedit is told of the key.
  ///
  /// Whole sequences are decoded before libedit sees them and are handed over as one of the characters U+0080 to U+009F, which no keyboard
  /// and no text has: so Escape begins nothing for libedit, and is a key of its own in vi mode.
  var scalar: Unicode.Scalar {
    guard let scalar = Unicode.Scalar(UInt32(0x80 + rawValue)) else { preconditionFailure("no key has a surrogate's number") }
    return scalar
  }

  /// How an editrc file would write the scalar.
  var scalarNotation: String { "\\" + String(0x80 + rawValue, radix: 8) }

  private static let bySequence: [String: EditorKey] = Dictionary(
    uniqueKeysWithValues: allCases.flatMap { key in key.sequences.map { ("\u{1B}" + $0, key) } })

  /// The key that a terminal means by an escape sequence.
  static func key(sequence: String) -> EditorKey? { bySequence[sequence] }
}

/// Editing functions that libedit has, bound to keys that terminals send as sequences.
struct BuiltInKey {
  let sequence: String
  let function: String
  /// See `EditorKey.scalar`; the numbers begin behind those of the keys.
  let scalar: Unicode.Scalar

  static let all: [BuiltInKey] = [("[3;5~", "em-delete-next-word"), ("\u{7F}", "ed-delete-prev-word"), ("\u{8}", "ed-delete-prev-word")]
    .enumerated().map { index, entry in
      guard let scalar = Unicode.Scalar(UInt32(0x80 + EditorKey.allCases.count + index)) else {
        preconditionFailure("no key has a surrogate's number")
      }
      return BuiltInKey(sequence: "\u{1B}" + entry.0, function: entry.1, scalar: scalar)
    }

  var scalarNotation: String { "\\" + String(scalar.value, radix: 8) }
}
