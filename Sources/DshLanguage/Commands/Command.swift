// What a command is: its arguments and documentation. Help, completion and the reference are made from it.

/// One command: a statement of its own that talks to the shell or the cluster.
public struct Command: Sendable, Hashable {
  /// What a command is told by, from the parser on; each command declares its own where it is described.
  public struct ID: Sendable, Hashable {
    /// One or two words, such as `nodes add`; `!` for the command that hands its text to the system's shell.
    public let name: String

    public init(_ name: String) { self.name = name }
  }

  /// What an argument names, so that completion can offer it.
  public enum ArgumentKind: Sendable, Hashable {
    case dataset
    /// A dataset that is kept beyond the shell.
    case keptDataset
    case scalar
    case definition
    case node
    case count
    case settingName
    case settingValue
    /// Whatever help explains.
    case topic
    /// A file or a folder.
    case path
    case folder
    /// A file with statements.
    case script
    case choice([String])
  }

  public struct Argument: Sendable, Hashable {
    public let kind: ArgumentKind
    public let isOptional: Bool
    /// Whether it may stand there any number of times; only the last of a command.
    public let isRepeated: Bool
  }

  public let id: ID
  public let arguments: [Argument]
  public let options: [VerbOption]
  /// Whether everything to the end of the line belongs to it, as typed.
  public let takesRestOfLine: Bool
  public let usage: String
  /// One sentence without a final full stop.
  public let summary: String
  public let examples: [String]
  /// Whether it ends something that nobody can bring back; such a command is never made of a mistyped one.
  public let isDestructive: Bool

  init(
    _ id: ID, _ arguments: [Argument] = [], options: [VerbOption] = [], takesRestOfLine: Bool = false, usage: String,
    summary: String, examples: [String] = [], isDestructive: Bool = false
  ) {
    self.isDestructive = isDestructive
    self.id = id
    self.arguments = arguments
    self.options = options
    self.takesRestOfLine = takesRestOfLine
    self.usage = usage
    self.summary = summary
    self.examples = examples
  }
}

extension Command {
  /// The name as typed.
  public var name: String { id.name }

  /// The option of that name (without dashes), if the command has it.
  public func option(_ name: String) -> VerbOption? { options.first { $0.name == name } }

  /// The argument that the word with that index is for; nil if there may be no such word.
  func argument(at index: Int) -> Argument? {
    if arguments.indices.contains(index) { return arguments[index] }
    return arguments.last.flatMap { $0.isRepeated ? $0 : nil }
  }
}

extension Command.Argument {
  static func required(_ kind: Command.ArgumentKind) -> Self { Self(kind: kind, isOptional: false, isRepeated: false) }
  static func optional(_ kind: Command.ArgumentKind) -> Self { Self(kind: kind, isOptional: true, isRepeated: false) }
  static func anyNumber(of kind: Command.ArgumentKind) -> Self { Self(kind: kind, isOptional: true, isRepeated: true) }
}
