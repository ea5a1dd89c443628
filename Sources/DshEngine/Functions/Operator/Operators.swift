// The list of all operators, in the order of the reference.

extension FunctionRegistry {
  static let operators: [Function] = sums + products + comparisons + logic + membership + concatenation + matching + access
}
