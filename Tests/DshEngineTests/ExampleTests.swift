// Every example of every function runs and gives the result it states.

import DshColumns
import DshEngine
import DshPlan
import Testing

@Suite struct ExampleTests {
  @Test(arguments: FunctionRegistry.all.map(\.signature.name))
  func examples(name: String) throws {
    let function = try #require(FunctionRegistry.function(named: name))
    for example in function.signature.examples {
      #expect(constant(example.expression) == example.result, "\(example.expression)")
    }
  }

  @Test func everyFunctionIsDocumented() {
    for function in FunctionRegistry.all {
      let signature = function.signature
      #expect(!signature.summary.isEmpty)
      #expect(!signature.examples.isEmpty || signature.name == "field", "\(signature.name)")
      #expect(signature.family == .operator || signature.examples.count >= 2, "\(signature.name) has two examples")
    }
    #expect(FunctionRegistry().names.count >= 220)
  }
}
