package import DxshExpressions
package import DxshRuntime

/// `http.post`: the answer to a POST request with a value as its body.
package struct HTTPPostNode: NodeImplementation {
  package let name = "http.post"

  package init() {}

  @concurrent
  package func call(_ call: NodeCall, in context: NodeContext) async throws -> Value {
    let body = try HTTPBody.encode(call["body"])
    return try await HTTPStep(call: call, context: context).run("POST", body: body, mustNotRepeat: true)
  }
}
