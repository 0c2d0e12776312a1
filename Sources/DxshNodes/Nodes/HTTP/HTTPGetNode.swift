package import DxshExpressions
package import DxshRuntime

/// `http.get`: the answer to a GET request.
package struct HTTPGetNode: NodeImplementation {
  package let name = "http.get"

  package init() {}

  @concurrent
  package func call(_ call: NodeCall, in context: NodeContext) async throws -> Value {
    try await HTTPStep(call: call, context: context).run("GET", body: nil, mustNotRepeat: false)
  }
}
