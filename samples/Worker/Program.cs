// A service that trains a model in the background, says how it goes, and ends when it is told to.

using Worker;

HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
builder.Services.Configure<TrainingSettings>(builder.Configuration);
builder.Services.AddHostedService<TrainingService>();
builder.Build().Run();
