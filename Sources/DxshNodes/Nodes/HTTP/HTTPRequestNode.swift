package import DxshExpressions
package import DxshRuntime

/// `http.request`: the answer to a request of any method with text as its body.
package struct HTTPRequestNode: NodeImplementation {
  package let name = "http.request"

  package init() {}

  @concurrent
  package func call(_ call: NodeCall, in context: NodeContext) async throws -> Value {
    let text = call.text("body")
    let body = text.utf8.isEmpty ? nil : try HTTPBody.encode(.string(text))
    return try await HTTPStep(call: call, context: context).run(call.string("method"), body: body, mustNotRepeat: true)
  }
}
