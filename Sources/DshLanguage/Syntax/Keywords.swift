// The reserved words, by where they are reserved.
import DshDiagnostics

/// Words with a meaning of their own.
public enum Keywords {
  /// Words that can't be a bare column name; in backticks they can.
  public static let inExpressions: Set<String> = ["and", "or", "not", "in", "between", "true", "false", "null"]
  /// Words that are constants.
  static let constants: [String: Literal] = ["true": .bool(true), "false": .bool(false), "null": .null]
  /// Constants as other languages write them, and how they are written here.
  static let foreignConstants = [
    "TRUE": "true", "True": "true", "FALSE": "false", "False": "false", "NULL": "null", "None": "null", "nil": "null",
  ]
  /// Keywords of other languages that are functions here, and how those are called.
  static let keywordsThatAreFunctions: [String: Diagnostic.Suggestion] = [
    "case": "write case(c1, v1, c2, v2, …, else)", "CASE": "write case(c1, v1, c2, v2, …, else)",
    "if": "write if(condition, a, b)", "IF": "write if(condition, a, b)",
  ]
  /// Words that start a statement.
  public static let ofStatements: Set<String> = ["let", "def"]
}
