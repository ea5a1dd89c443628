// Every limit of the language, each with its reason.

/// The limits that keep any input harmless.
public enum Limits {
  /// The deepest expression tree. Recursive walks over a tree (binding, folding, printing) then fit a thread stack of
  /// 1 MiB at 3 KiB a level.
  public static let expressionDepth = 300
  /// The most rows that can be asked for or passed over: more than any store holds, and sums of two such numbers are far from overflow.
  public static let rows: Int64 = 1 << 48
  /// The most rows that are handed to a program at a time: they are text in memory then.
  public static let batchRows: Int64 = 1 << 20
  /// The most blocks and files that can be asked for; the head knows each of them.
  public static let blocks: Int64 = 1 << 20
  /// The largest number of bytes that can be given, 1 PiB: more than any machine has.
  public static let bytes: Int64 = 1 << 50
  /// How deep pipelines may stand in parentheses inside each other; each costs one more recursive descent.
  public static let pipelineDepth = 16
  /// The most errors reported of one statement; what follows the first few is seldom read.
  public static let errorsPerStatement = 20
  /// The most errors reported of one text, so that a binary file given as a script does not flood the terminal.
  public static let errorsPerText = 100
  /// How many tokens are looked through for the bracket that closes one with a mistake in it, so that many unclosed
  /// brackets don't make reading quadratic.
  public static let recoveryTokens = 1000
  /// The longest text that is parsed, in bytes: offsets stay far from overflow, and no script a person writes is larger.
  public static let textBytes = 64 << 20
}
