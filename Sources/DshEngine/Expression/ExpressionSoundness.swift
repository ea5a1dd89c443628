// Whether an expression that came as bytes is what its types say: kernels are chosen by types and believe them.

import DshColumns
import DshDiagnostics
import DshPlan

extension Expression {
  /// Throws `bad-plan` unless columns have the types of the input and calls those of an overload. A constant of another type
  /// becomes null.
  func checkTypes(over inputs: [DataType]) throws(Diagnostic) {
    switch self {
    case .column(let index, let type):
      guard inputs.indices.contains(index) else {
        throw Diagnostic(.badPlan, "an expression reads column \(index) of \(inputs.count)")
      }
      guard inputs[index] == type else {
        throw Diagnostic(.badPlan, "an expression reads column \(index) as \(type.name), and it is \(inputs[index].name)")
      }
    case .literal: break
    case .cast(let operand, _, _, _): try operand.checkTypes(over: inputs)
    case .call(let name, let arguments, let type, _):
      for argument in arguments { try argument.checkTypes(over: inputs) }
      guard Self.gives(type, name, arguments) else {
        throw Diagnostic(
          .badPlan, "no \(name) over \(arguments.map(\.type.name).joined(separator: ", ")) gives \(type.name)")
      }
    }
  }

  private static func gives(_ type: DataType, _ name: String, _ arguments: [Expression]) -> Bool {
    let types = arguments.map(\.type)
    guard let resolution = FunctionRegistry.function(named: name)?.signature.resolve(types) else { return false }
    // What a field is depends on its name, and numbers are compared without a cast.
    if case .structure(let fields)? = types.first, case .literal(.string(let field), _)? = arguments.last, name == "field" {
      return fields.contains { $0.name.isExactly(field) && $0.type == type }
    }
    return resolution.result == type && (resolution.parameters == types || (type == .bool && types.allSatisfy(\.isNumeric)))
  }
}
