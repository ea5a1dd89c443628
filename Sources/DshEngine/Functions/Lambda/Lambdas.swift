// The list of functions that take a lambda.

extension FunctionRegistry {
  static let lambdas: [Function] = mapping + choosing + reducing + ordering
}
