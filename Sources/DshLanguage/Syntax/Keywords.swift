// The reserved words, by where they are reserved.

/// Words with a meaning of their own.
public enum Keywords {
  /// Words that can't be a bare column name; in backticks they can.
  public static let inExpressions: Set<String> = ["and", "or", "not", "in", "between", "true", "false", "null"]
  /// Words that start a statement.
  public static let ofStatements: Set<String> = ["let", "def"]
}
