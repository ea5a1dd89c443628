// The vectorised body of a function for given argument types and constants.

import CDshKernels
import DshColumns
import DshDiagnostics

/// One call of a kernel: a batch of arguments and where errors go.
struct Call {
  /// The arguments that are values, in order.
  let arguments: [Operand]
  /// The argument that is a function, where there is one.
  var lambda: BoundLambda?
  let rowCount: Int
  /// The type of the result.
  let type: DataType
  /// The rows for which every argument has a value; nil if all rows. Results of other rows are not looked at.
  let validity: Bitmap?
  /// The number of the call among the parts of the expression.
  let part: Int
  let errors: RowErrors

  func isValid(_ row: Int) -> Bool { validity?[row] ?? true }

  /// Notes that a row can't be computed.
  func fail(_ row: Int, _ diagnostic: @autoclosure () -> Diagnostic) {
    if isValid(row) { errors.record(row, part: part, diagnostic) }
  }
}

/// What a function does with a batch, chosen once for the types and constants of a call.
struct Kernel: Sendable {
  /// Whether a row can be an error; such a kernel never sees rows that the program does not need.
  var canFail = false
  /// Whether it looks at nulls itself; otherwise a null argument gives null and the kernel only ever sees values it
  /// may compute anything from where a row is null.
  var seesNulls = false
  /// Whether a row costs less than taking it out of a batch does, as where columns of fixed width are compared by vectors.
  var isCheap = false
  /// Which operation it is, where several are computed together (`FloatSteps`).
  var floatOperation: dsh_arithmetic?
  let run: @Sendable (Call) -> Column
}

/// What a function knows of one of its calls when it chooses a kernel.
struct CallSite {
  let types: [DataType]
  /// The values of the arguments that are constant; nil for the others.
  let constants: [Value?]
  let result: DataType

  /// The constant text of an argument; nil if it is not constant or null.
  func constantText(_ index: Int) -> String? {
    if index < constants.count, case .string(let text)? = constants[index] { return text }
    return nil
  }
}
