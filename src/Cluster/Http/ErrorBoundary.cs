using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Platform.Cluster.Http;

/// <summary>
/// The last stop of every failure on its way to a client: a JSON answer, and for what nobody expected a log line.
/// </summary>
internal sealed partial class ErrorBoundary(RequestDelegate next, ILogger<ErrorBoundary> logger)
{
    public Task InvokeAsync(HttpContext context)
    {
        try
        {
            var running = next(context);
            return running.IsCompletedSuccessfully ? Task.CompletedTask : AwaitAsync(context, running);
        }
#pragma warning disable CA1031 // The HTTP boundary: whatever fails, the client gets an answer and the process lives on.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            return AnswerAsync(context, failure);
        }
    }

    private async Task AwaitAsync(HttpContext context, Task running)
    {
        try
        {
            await running;
        }
#pragma warning disable CA1031 // As above.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            await AnswerAsync(context, failure);
        }
    }

    private async Task AnswerAsync(HttpContext context, Exception failure)
    {
        if (context.RequestAborted.IsCancellationRequested) return;
        var problem = failure is BadHttpRequestException bad ? Describe(bad) : null;
        if (problem is null) LogRequestFailed(context.Request.Method, failure);
        if (context.Response.HasStarted)
        {
            // Half an answer must not look like a whole one.
            context.Abort();
            return;
        }

        context.Response.Clear();
        await JsonAnswer.WriteAsync(
            context, problem ?? new ApiProblem(500, "Something went wrong while processing the request."));
    }

    private static ApiProblem Describe(BadHttpRequestException bad) => bad.StatusCode switch
    {
        StatusCodes.Status413PayloadTooLarge => new ApiProblem(413, "The request body is too large."),
        StatusCodes.Status408RequestTimeout => new ApiProblem(408, "The request body did not arrive in time."),
        _ => new ApiProblem(400, "The request is not valid HTTP."),
    };

    [LoggerMessage(3001, LogLevel.Error, "A {Method} request failed unexpectedly")]
    private partial void LogRequestFailed(string method, Exception failure);
}
