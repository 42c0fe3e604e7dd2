// Serves a model file: what it says of a row, over HTTP. When the file is replaced, the next request is answered by the new model.

using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;
using WebApi;

WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(args);
builder.Services.AddSingleton<ServedModel>();
builder.Services.AddProblemDetails(options => options.CustomizeProblemDetails = context =>
    context.ProblemDetails.Detail = IsOfTheClient(context.Exception) ? context.Exception!.InnerException?.Message ?? context.Exception.Message : null);
builder.Services.ConfigureHttpJsonOptions(options => options.SerializerOptions.TypeInfoResolverChain.Insert(0, Json.Default));
builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);

WebApplication app = builder.Build();
app.Services.GetRequiredService<ServedModel>(); // a missing or damaged file is known at once, and not by the first request

// A row that is no row is the client's mistake, and the library's message says which: 400 and the reason.
app.UseExceptionHandler(new ExceptionHandlerOptions
{
    StatusCodeSelector = error => IsOfTheClient(error) ? StatusCodes.Status400BadRequest : StatusCodes.Status500InternalServerError,
    SuppressDiagnosticsCallback = context => IsOfTheClient(context.Exception),
});

app.MapGet("/", () => "");
app.MapGet("/model", (ServedModel served) => served.Describe());

// [5.1, 3.4, 0.2]: the numbers of a row, in the order that /model gives.
app.MapPost("/predict", (double[] row, ServedModel served) => served.Predict(row));

// ["5.1", "3.4", ""]: the cells of a row, as they stand in a table. An empty one is missing.
app.MapPost("/predict/cells", (string?[] cells, ServedModel served) => served.PredictCells(cells));

app.Run();

static bool IsOfTheClient(Exception? error) => error is ArgumentException or BadHttpRequestException;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(double[]))]
[JsonSerializable(typeof(string?[]))]
[JsonSerializable(typeof(Prediction))]
[JsonSerializable(typeof(ModelDescription))]
[JsonSerializable(typeof(ProblemDetails))]
internal sealed partial class Json : JsonSerializerContext;
