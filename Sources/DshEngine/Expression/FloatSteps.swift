// Sums, differences and products of float64 in one another, computed together: some rows at a time, so that what lies between stays in the cache.

import CDshKernels
import DshColumns

/// Operations in the order in which they are performed, over leaves that are computed as a whole.
struct FloatSteps: Sendable {
  let leaves: [Node]
  private let steps: [dsh_arithmetic_step]

  /// Nil where there is one operation alone, or where there are too many.
  init?(_ operation: dsh_arithmetic, _ sides: [Node]) {
    let parts = sides.map(Self.parts)
    let leaves = parts.flatMap(\.leaves)
    var steps: [dsh_arithmetic_step] = []
    var operands: [UInt32] = []
    var leavesBefore: UInt32 = 0
    for part in parts {
      let (ownLeaves, stepsBefore) = (UInt32(part.leaves.count), UInt32(steps.count))
      func place(_ operand: UInt32) -> UInt32 {
        operand < ownLeaves ? leavesBefore + operand : UInt32(leaves.count) + stepsBefore + operand - ownLeaves
      }
      steps += part.steps.map { dsh_arithmetic_step(op: $0.op, a: place($0.a), b: place($0.b)) }
      // What a part comes to: its last step, or the leaf that it is.
      operands.append(place(part.steps.isEmpty ? 0 : ownLeaves + UInt32(part.steps.count) - 1))
      leavesBefore += ownLeaves
    }
    guard !steps.isEmpty, steps.count < Int(DSH_ARITHMETIC_STEPS), operands.count == 2 else { return nil }
    self.leaves = leaves
    self.steps = steps + [dsh_arithmetic_step(op: operation, a: operands[0], b: operands[1])]
  }

  private static func parts(of node: Node) -> (leaves: [Node], steps: [dsh_arithmetic_step]) {
    switch node.kind {
    case .floatSteps(let inner): return (inner.leaves, inner.steps)
    case .call(let kernel, let sides):
      guard let operation = kernel.floatOperation else { return ([node], []) }
      return (sides, [dsh_arithmetic_step(op: operation, a: 0, b: 1)])
    default: return ([node], [])
    }
  }

  /// The results for the values of the leaves.
  func results(_ operands: [Operand], rowCount: Int) -> Buffer {
    let arguments = operands.map { FixedArgument<Double>($0) }
    let values = MutableBuffer(capacity: rowCount * 8)
    values.byteCount = rowCount * 8
    dsh_float_steps(
      steps, steps.count, arguments.map { dsh_arithmetic_leaf(values: $0.pointer, step: $0.step) }, arguments.count, rowCount,
      values.pointer(to: Double.self))
    return values.freeze()
  }
}

extension Node {
  func evaluateFloatSteps(_ steps: FloatSteps, _ frame: Frame, _ errors: RowErrors) -> Operand {
    let operands = steps.leaves.map { $0.evaluate(frame, errors) }
    if frame.rowCount == 0 { return Operand(ColumnBuilder(type: type).finish()) }
    if operands.contains(where: \.isConstantNull) { return Operand(.null, type: type) }
    let isConstant = operands.allSatisfy(\.isConstant)
    let rowCount = isConstant ? 1 : frame.rowCount
    let validity = operands.reduce(nil) { intersection($0, $1.isConstant ? nil : $1.column.validity) }
    let column = Column(type: type, count: rowCount, validity: validity, storage: .fixed(steps.results(operands, rowCount: rowCount)))
    return isConstant ? Operand(constant: column) : Operand(column)
  }
}

extension Kernel {
  /// A sum, difference or product of two float64.
  static func floats(_ operation: dsh_arithmetic) -> Kernel { Kernel(floatOperation: operation) { $0.floats(operation) } }
}
