import board.prose
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='Agency',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, unique=True)),
                ('slug', models.SlugField(unique=True)),
                ('short_name', models.CharField(blank=True, max_length=40)),
                ('kind', models.CharField(choices=[('police', 'Police'), ('fire', 'Fire and rescue'), ('council', 'Council department'), ('health', 'Health'), ('probation', 'Probation'), ('government', 'Government department'), ('voluntary', 'Voluntary sector'), ('other', 'Other')], max_length=20)),
                ('responsible_authority', models.BooleanField(default=False, help_text='Under section 5 of the Crime and Disorder Act 1998', verbose_name='responsible authority')),
                ('office_email', models.EmailField(blank=True, max_length=254, verbose_name='office e-mail')),
                ('office_phone', models.CharField(blank=True, max_length=30)),
            ],
            options={
                'verbose_name_plural': 'agencies',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='AuditHead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seq', models.PositiveBigIntegerField(default=0)),
                ('hash', models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('email', models.EmailField(max_length=254, unique=True, verbose_name='e-mail address')),
                ('name', models.CharField(max_length=120)),
                ('post', models.CharField(blank=True, help_text='As minutes and reports name it', max_length=120)),
                ('is_active', models.BooleanField(default=True, verbose_name='may sign in')),
                ('is_staff', models.BooleanField(default=False, verbose_name='may edit reference data')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.CheckConstraint(condition=models.Q(('email', django.db.models.functions.text.Lower('email'))), name='board_user_email_is_lower_case')],
            },
        ),
        migrations.CreateModel(
            name='AgencyMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('start', models.DateField(verbose_name='from')),
                ('end', models.DateField(blank=True, null=True, verbose_name='last day')),
                ('role', models.CharField(choices=[('lead', 'Lead'), ('contributor', 'Contributor')], max_length=20)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='members', to='board.agency')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='agency_memberships', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['agency', 'role', 'start'],
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('end__isnull', True), ('end__gte', models.F('start')), _connector='OR'), name='board_agencymember_ends_after_it_starts')],
            },
        ),
        migrations.CreateModel(
            name='Board',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, unique=True)),
                ('slug', models.SlugField(unique=True)),
                ('kind', models.CharField(choices=[('parent', 'Parent committee'), ('board', 'Board'), ('working_group', 'Working group')], max_length=20)),
                ('established', models.DateField(blank=True, null=True)),
                ('aim', board.prose.ProseField(blank=True)),
                ('meeting_interval', models.PositiveSmallIntegerField(default=3, help_text='Months between ordinary meetings')),
                ('notice_days', models.PositiveSmallIntegerField(default=5, help_text='Clear working days; advisory')),
                ('quorum', models.PositiveSmallIntegerField(blank=True, help_text='Agencies; empty when the board has none', null=True)),
                ('remote_counts', models.BooleanField(default=True, verbose_name='remote attendance counts towards the quorum')),
                ('quarter_start_month', models.PositiveSmallIntegerField(default=1, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(12)])),
                ('chair_title', models.CharField(choices=[('Chair', 'Chair'), ('Chairman', 'Chairman')], default='Chair', max_length=10)),
                ('decision_style', models.CharField(choices=[('agreed', 'AGREED'), ('resolved', 'RESOLVED - That …')], default='agreed', max_length=10)),
                ('schedule_12a', models.BooleanField(default=False, help_text='Of the Local Government Act 1972: what is withheld names its paragraph', verbose_name='falls under Schedule 12A')),
                ('action_prefix', models.CharField(default='SOC', help_text="The first part of an action's reference", max_length=10)),
                ('office_email', models.EmailField(blank=True, max_length=254, verbose_name='office e-mail')),
                ('office_phone', models.CharField(blank=True, max_length=30)),
                ('reports_to', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reported_by', to='board.board')),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.CheckConstraint(condition=models.Q(('quarter_start_month__gte', 1), ('quarter_start_month__lte', 12)), name='board_board_quarter_starts_in_a_month'), models.CheckConstraint(condition=models.Q(('kind', 'parent'), ('reports_to__isnull', False), _connector='OR'), name='board_board_answers_to_somebody')],
            },
        ),
        migrations.CreateModel(
            name='AuditEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seq', models.PositiveBigIntegerField(unique=True)),
                ('at', models.DateTimeField()),
                ('actor_label', models.CharField(max_length=200)),
                ('act', models.CharField(max_length=60)),
                ('refused', models.BooleanField(default=False)),
                ('subject', models.CharField(help_text='app.model:id', max_length=100)),
                ('subject_label', models.CharField(max_length=200)),
                ('before', models.CharField(blank=True, max_length=40)),
                ('after', models.CharField(blank=True, max_length=40)),
                ('digest', models.CharField(blank=True, help_text='SHA-256 of the text then', max_length=64)),
                ('note', models.TextField(blank=True)),
                ('previous_hash', models.CharField(max_length=64, unique=True)),
                ('hash', models.CharField(max_length=64, unique=True)),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('subject_person', models.ForeignKey(help_text='The person a sign-in is about', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('board', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='board.board')),
            ],
            options={
                'ordering': ['-seq'],
                'indexes': [models.Index(fields=['board', '-seq'], name='board_audit_board_i_58c937_idx'), models.Index(fields=['subject'], name='board_audit_subject_b19e3a_idx')],
            },
        ),
        migrations.CreateModel(
            name='Nomination',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('office', models.CharField(choices=[('chair', 'Chair'), ('acting_chair', 'Acting chair'), ('deputy_chair', 'Deputy chair'), ('secretary', 'Secretary'), ('member', 'Member'), ('substitute', 'Named substitute'), ('observer', 'Observer')], max_length=20)),
                ('reason', models.CharField(max_length=300)),
                ('sought_on', models.DateField()),
                ('answer', models.CharField(blank=True, max_length=300)),
                ('answered_on', models.DateField(blank=True, null=True)),
                ('board', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='nominations', to='board.board')),
                ('put_to', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='nominations_asked', to='board.board', verbose_name='put to')),
            ],
            options={
                'ordering': ['-sought_on'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_on__isnull', True)), models.Q(('answered_on__isnull', False), models.Q(('answer', ''), _negated=True)), _connector='OR'), name='board_nomination_answer_has_its_day')],
            },
        ),
        migrations.CreateModel(
            name='Seat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('start', models.DateField(verbose_name='from')),
                ('end', models.DateField(blank=True, null=True, verbose_name='last day')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seats', to='board.agency')),
                ('board', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seats', to='board.board')),
            ],
            options={
                'ordering': ['agency__name'],
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('end__isnull', True), ('end__gte', models.F('start')), _connector='OR'), name='board_seat_ends_after_it_starts'), models.UniqueConstraint(condition=models.Q(('end__isnull', True)), fields=('board', 'agency'), name='board_seat_one_open_per_agency')],
            },
        ),
        migrations.CreateModel(
            name='Appointment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('start', models.DateField(verbose_name='from')),
                ('end', models.DateField(blank=True, null=True, verbose_name='last day')),
                ('role', models.CharField(choices=[('chair', 'Chair'), ('acting_chair', 'Acting chair'), ('deputy_chair', 'Deputy chair'), ('secretary', 'Secretary'), ('member', 'Member'), ('substitute', 'Named substitute'), ('observer', 'Observer')], max_length=20)),
                ('leaving_announced_on', models.DateField(blank=True, null=True)),
                ('leaving_note', models.CharField(blank=True, max_length=200)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to=settings.AUTH_USER_MODEL)),
                ('board', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to='board.board')),
                ('seat', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to='board.seat')),
            ],
            options={
                'ordering': ['board', 'role', 'start'],
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('end__isnull', True), ('end__gte', models.F('start')), _connector='OR'), name='board_appointment_ends_after_it_starts'), models.UniqueConstraint(condition=models.Q(('end__isnull', True), ('role__in', ['chair', 'acting_chair'])), fields=('board', 'role'), name='board_appointment_one_open_chair')],
            },
        ),
        migrations.CreateModel(
            name='SharingAgreement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=200)),
                ('version', models.PositiveSmallIntegerField(default=1)),
                ('legal_basis', models.CharField(blank=True, max_length=200)),
                ('text', board.prose.ProseField(blank=True)),
                ('agreed_on', models.DateField(blank=True, null=True)),
                ('review_due', models.DateField(blank=True, null=True)),
                ('board', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sharing_agreements', to='board.board')),
            ],
            options={
                'ordering': ['board', '-version'],
            },
        ),
        migrations.CreateModel(
            name='SharingSignature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('signed_on', models.DateField(blank=True, null=True)),
                ('signed_by', models.CharField(blank=True, max_length=120, verbose_name='signed by (post)')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='board.agency')),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='signatures', to='board.sharingagreement')),
            ],
            options={
                'ordering': ['agency__name'],
                'constraints': [models.UniqueConstraint(fields=('agreement', 'agency'), name='board_sharingsignature_one_per_agency')],
            },
        ),
        migrations.CreateModel(
            name='TermsOfReference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveSmallIntegerField()),
                ('text', board.prose.ProseField()),
                ('reviewed_on', models.DateField(blank=True, null=True)),
                ('agreed_on', models.DateField(blank=True, null=True)),
                ('review_due', models.DateField(blank=True, null=True)),
                ('board', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='terms_of_reference', to='board.board')),
            ],
            options={
                'verbose_name_plural': 'terms of reference',
                'ordering': ['board', '-version'],
                'constraints': [models.UniqueConstraint(fields=('board', 'version'), name='board_termsofreference_one_per_version')],
            },
        ),
    ]
