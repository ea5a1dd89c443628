// What is said of mistakes that people make with one verb and not with others.

extension Verb {
  /// The answers to uses of a verb that do not work, where more can be said than of any verb.
  struct Advice: Sendable {
    /// What to do where an action stands before other stages; the number of rows it was given is put behind it.
    var whenNotLast = "make it a statement of its own"
    /// What to do where the dataset that an action works on should have been named.
    var whenNamed: String?
    /// What to do with the operand of a verb that takes none.
    var onOperand: (@Sendable (_ operand: String) -> String)?
    /// What to do where an expression stands and names of columns are taken alone.
    var onExpression: String?
    /// What to do where a comma stands behind the operands.
    var onComma: String?
    /// What to do with several operands in parentheses where one is taken.
    var onList: (@Sendable (_ operands: String) -> String)?
  }
}
