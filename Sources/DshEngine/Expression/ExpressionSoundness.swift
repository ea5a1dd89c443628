// Whether an expression that came as bytes is what its types say: kernels are chosen by types and believe them.

import DshColumns
import DshDiagnostics
import DshPlan

extension Expression {
  /// Throws `bad-plan` unless columns have the types of the input and calls those of an overload. A constant of another type
  /// becomes null.
  ///
  /// - Parameter parameters: the types of the parameters of the lambdas around it; nil where there is none that it may read.
  func checkTypes(over inputs: [DataType], parameters: [DataType?] = []) throws(Diagnostic) {
    switch self {
    case .parameter(let number, let type):
      guard parameters.indices.contains(number), parameters[number] == type else {
        throw Diagnostic(.badPlan, "an expression reads parameter \(number) as \(type.name), and there is none such")
      }
    case .lambda: throw Diagnostic(.badPlan, "a lambda stands where a value belongs")
    case .column(let index, let type):
      guard inputs.indices.contains(index) else {
        throw Diagnostic(.badPlan, "an expression reads column \(index) of \(inputs.count)")
      }
      guard inputs[index] == type else {
        throw Diagnostic(.badPlan, "an expression reads column \(index) as \(type.name), and it is \(inputs[index].name)")
      }
    case .literal: break
    case .cast(let operand, _, _, _): try operand.checkTypes(over: inputs, parameters: parameters)
    case .call(let name, let arguments, let type, _):
      for argument in arguments {
        guard case .lambda(let first, let types, let body) = argument else {
          try argument.checkTypes(over: inputs, parameters: parameters)
          continue
        }
        guard first >= 0, first <= Self.parameterLimit else { throw Diagnostic(.badPlan, "a lambda begins at parameter \(first)") }
        // What reads none of the lambdas around it is evaluated without them, and keeps its numbers.
        let unknown = [DataType?](repeating: nil, count: max(0, first - parameters.count))
        try body.checkTypes(over: inputs, parameters: parameters.prefix(first) + unknown + types)
      }
      guard Self.gives(type, name, arguments) else {
        throw Diagnostic(
          .badPlan, "no \(name) over \(arguments.map(\.type.name).joined(separator: ", ")) gives \(type.name)")
      }
    }
  }

  /// More parameters than lambdas of the deepest expression have.
  private static let parameterLimit = 1024

  /// The structure that names and values make in turn; nil if they make none.
  private static func structure(_ arguments: [Expression]) -> DataType? {
    var fields: [Field] = []
    for index in stride(from: 0, to: arguments.count, by: 2) {
      guard case .literal(.string(let name), .string) = arguments[index], index + 1 < arguments.count,
        !fields.contains(where: { $0.name.isExactly(name) })
      else { return nil }
      fields.append(Field(name, arguments[index + 1].type))
    }
    return fields.isEmpty ? nil : .structure(fields)
  }

  private static func gives(_ type: DataType, _ name: String, _ arguments: [Expression]) -> Bool {
    let types = arguments.map(\.type)
    if name == "struct" { return type == structure(arguments) }
    var lambdas: [Int: [DataType]] = [:]
    for (index, argument) in arguments.enumerated() { if case .lambda(_, let parameters, _) = argument { lambdas[index] = parameters } }
    guard let resolution = FunctionRegistry.function(named: name)?.signature.resolve(types, lambdas: lambdas.mapValues(\.count)),
      resolution.lambdas == lambdas
    else { return false }
    // What a field is depends on its name, and numbers are compared without a cast.
    if case .structure(let fields)? = types.first, case .literal(.string(let field), _)? = arguments.last, name == "field" {
      return fields.contains { $0.name.isExactly(field) && $0.type == type }
    }
    return resolution.result == type
      && (resolution.parameters == types || (type == .bool && types.allSatisfy { $0 == .int64 || $0 == .float64 }))
  }
}
